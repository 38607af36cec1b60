/** Pages and who may see them. */
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import GuardPage from '@/guard/GuardPage.vue'
import { Away } from '@/api/client'
import { useSession } from '@/stores/session'

type Needs = 'manage' | 'correct' | 'export'

declare module 'vue-router' {
  interface RouteMeta {
    /** Without log-in. */
    open?: boolean
    needs?: Needs
    /** The help that belongs to the page. */
    help?: string
  }
}

const routes: RouteRecordRaw[] = [
  { path: '/', name: 'guard', component: GuardPage, meta: { help: 'guard' } },
  {
    path: '/login',
    name: 'login',
    component: () => import('@/session/LoginPage.vue'),
    meta: { open: true, help: 'login' },
  },
  {
    path: '/records',
    name: 'records',
    component: () => import('@/records/RecordsPage.vue'),
    meta: { help: 'records' },
  },
  {
    path: '/records/:id(\\d+)',
    name: 'record',
    component: () => import('@/records/RecordPage.vue'),
    props: (route) => ({ id: Number(route.params.id) }),
    meta: { help: 'record' },
  },
  {
    path: '/alarms',
    name: 'alarms',
    component: () => import('@/alarms/AlarmsPage.vue'),
    meta: { help: 'alarms' },
  },
  {
    path: '/video',
    name: 'video',
    component: () => import('@/video/VideoPage.vue'),
    meta: { help: 'video' },
  },
  {
    path: '/registers/:register?',
    name: 'registers',
    component: () => import('@/registers/RegistersPage.vue'),
    meta: { help: 'registers' },
  },
  {
    path: '/vehicles/:plate',
    name: 'vehicle',
    component: () => import('@/vehicles/VehiclePage.vue'),
    props: true,
    meta: { help: 'vehicle' },
  },
  {
    path: '/inside',
    name: 'inside',
    component: () => import('@/vehicles/InsidePage.vue'),
    meta: { help: 'inside' },
  },
  {
    path: '/handover',
    name: 'handover',
    component: () => import('@/handover/HandoverPage.vue'),
    meta: { help: 'handover', needs: 'correct' },
  },
  {
    path: '/figures',
    name: 'figures',
    component: () => import('@/figures/FiguresPage.vue'),
    meta: { help: 'figures' },
  },
  {
    path: '/paper',
    name: 'paper',
    component: () => import('@/paper/PaperPage.vue'),
    meta: { help: 'paper', needs: 'correct' },
  },
  {
    path: '/rules',
    name: 'rules',
    component: () => import('@/rules/RulesPage.vue'),
    meta: { help: 'rules' },
  },
  {
    path: '/cameras',
    name: 'cameras',
    component: () => import('@/cameras/CamerasPage.vue'),
    meta: { help: 'cameras', needs: 'manage' },
  },
  {
    path: '/inspections',
    name: 'inspections',
    component: () => import('@/inspections/InspectionsPage.vue'),
    meta: { help: 'inspections', needs: 'export' },
  },
  {
    path: '/people',
    name: 'people',
    component: () => import('@/people/PeoplePage.vue'),
    meta: { help: 'people', needs: 'manage' },
  },
  {
    path: '/sign-ins',
    name: 'signIns',
    component: () => import('@/people/SignInsPage.vue'),
    meta: { help: 'signIns', needs: 'manage' },
  },
  { path: '/:rest(.*)*', redirect: '/' },
]

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

router.beforeEach(async (to) => {
  const session = useSession()
  if (!session.now) {
    try {
      await session.load()
    } catch (error) {
      // Nobody knows yet who is there: the log-in page waits for the daemon.
      if (!(error instanceof Away)) throw error
    }
  }
  if (!to.meta.open && !session.user) {
    return { name: 'login', query: to.fullPath === '/' ? {} : { to: to.fullPath } }
  }
  if (to.name === 'login' && session.user) return { name: 'guard' }
  const allowed = {
    manage: session.mayManage,
    correct: session.mayCorrect,
    export: session.mayExport,
  }
  if (to.meta.needs && !allowed[to.meta.needs]) return { name: 'guard' }
  return true
})
