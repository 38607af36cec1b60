/** Times as the site's clock shows them. */
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useSession } from '@/stores/session'

export function useMoments() {
  const session = useSession()
  const { locale } = useI18n()
  const made = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale.value === 'zh' ? 'zh-CN' : 'en-GB', {
      timeZone: session.site.zone,
      hourCycle: 'h23',
      ...options,
    })
  const clock = computed(() => made({ hour: '2-digit', minute: '2-digit', second: '2-digit' }))
  const day = computed(() => made({ month: '2-digit', day: '2-digit', weekday: 'short' }))
  const whole = computed(() =>
    made({
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    }),
  )
  const key = computed(() => made({ year: 'numeric', month: '2-digit', day: '2-digit' }))
  const at = (moment: string | Date) => (typeof moment === 'string' ? new Date(moment) : moment)
  const isToday = (moment: string) => key.value.format(at(moment)) === key.value.format(new Date())

  return {
    time: (moment: string | Date) => clock.value.format(at(moment)),
    day: (moment: string | Date) => day.value.format(at(moment)),
    full: (moment: string | Date) => whole.value.format(at(moment)),
    /** The time alone when it was today. */
    short: (moment: string) =>
      isToday(moment) ? clock.value.format(at(moment)) : whole.value.format(at(moment)),
  }
}
