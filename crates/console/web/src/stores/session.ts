/** Who is logged in. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { answer, api } from '@/api/client'
import type { Role, Session } from '@/api/types'
import { useSettings } from './settings'

const RANK: Record<Role, number> = { guard: 1, inspector: 1, manager: 2, installer: 3 }

export const useSession = defineStore('session', () => {
  const settings = useSettings()
  const now = ref<Session | null>(null)

  const user = computed(() => now.value?.user ?? null)
  const role = computed(() => now.value?.role ?? null)
  const site = computed(
    () => now.value?.site ?? { name: '', zone: 'Asia/Shanghai', has_video: false },
  )
  const mayManage = computed(() => role.value !== null && RANK[role.value] >= RANK.manager)
  /** Inspectors look and change nothing. */
  const mayCorrect = computed(() => role.value !== null && role.value !== 'inspector')
  const mayExport = computed(() => mayManage.value || role.value === 'inspector')

  function set(session: Session) {
    now.value = session
    settings.suggest(session.language === 'en' ? 'en' : 'zh')
  }

  async function load() {
    set(await answer(api.GET('/api/session')))
  }

  async function logIn(name: string, password: string) {
    set(await answer(api.POST('/api/session', { body: { name, password } })))
  }

  async function logInByCode(code: string) {
    set(await answer(api.POST('/api/session/code', { body: { code } })))
  }

  async function setUp(account: { code?: string; name: string; password: string }) {
    set(await answer(api.POST('/api/setup', { body: account })))
  }

  /** Settled while no password is being changed: the answer of a change brings another token. */
  let changing: Promise<void> = Promise.resolve()

  function changePassword(password: string, new_password: string): Promise<void> {
    const change = answer(api.PUT('/api/session', { body: { password, new_password } })).then(set)
    changing = change.catch(() => undefined)
    return change
  }

  async function logOut() {
    await answer(api.DELETE('/api/session')).catch(() => undefined)
    ended()
  }

  /** A request was answered as nobody's: one that was on its way while the password was changed ends nothing. */
  async function refused() {
    await changing
    const seen = await answer(api.GET('/api/session')).catch(() => null)
    if (seen?.user) set(seen)
    else ended()
  }

  function ended() {
    if (now.value) now.value = { ...now.value, user: null, role: null }
  }

  return {
    now,
    user,
    role,
    site,
    mayManage,
    mayCorrect,
    mayExport,
    load,
    logIn,
    logInByCode,
    setUp,
    changePassword,
    logOut,
    refused,
  }
})
