/** Characters of plates that no key has, found by their pinyin. */

/** Provinces, those with most lorries first. */
const PROVINCES: [character: string, pinyin: string][] = [
  ['冀', 'ji'],
  ['鲁', 'lu'],
  ['豫', 'yu'],
  ['晋', 'jin'],
  ['苏', 'su'],
  ['粤', 'yue'],
  ['皖', 'wan'],
  ['辽', 'liao'],
  ['蒙', 'meng'],
  ['陕', 'shan'],
  ['浙', 'zhe'],
  ['鄂', 'e'],
  ['川', 'chuan'],
  ['云', 'yun'],
  ['湘', 'xiang'],
  ['赣', 'gan'],
  ['津', 'jin'],
  ['京', 'jing'],
  ['沪', 'hu'],
  ['渝', 'yu'],
  ['闽', 'min'],
  ['吉', 'ji'],
  ['黑', 'hei'],
  ['桂', 'gui'],
  ['贵', 'gui'],
  ['新', 'xin'],
  ['甘', 'gan'],
  ['宁', 'ning'],
  ['青', 'qing'],
  ['琼', 'qiong'],
  ['藏', 'zang'],
]

/** What stands at the end of trailers', learners', police and embassies' plates. */
export const ENDINGS = ['挂', '学', '警', '港', '澳', '使', '领', '应', '急']

/** Provinces whose pinyin begins with what was typed; the likelier ones, if known, first. */
export function provinces(typed: string, likely: string[] = []): string[] {
  const start = typed.toLowerCase()
  const found = PROVINCES.filter(([, pinyin]) => pinyin.startsWith(start)).map(([is]) => is)
  const rank = (character: string) => {
    const at = likely.indexOf(character)
    return at < 0 ? likely.length : at
  }
  return found.sort((a, b) => rank(a) - rank(b))
}

export const isProvince = (character: string) => PROVINCES.some(([is]) => is === character)
