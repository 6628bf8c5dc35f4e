import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router'
import { planSearch, type PlanSearch } from '../features/planner/plan-inputs'
import { chartTabOf, type ChartTab } from './chart-tabs'
import { HomeRedirect } from './home-redirect'
import { NotFound } from './not-found'
import { Root } from './root'

function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  return typeof value === 'number' ? String(value) : undefined
}

/** Keep only what is there, so that addresses stay short. */
function present<T extends Record<string, string | undefined>>(search: T): Partial<T> {
  const kept = Object.entries(search).filter(([, value]) => value !== undefined)
  return Object.fromEntries(kept) as Partial<T>
}

const root = createRootRoute({ component: Root, notFoundComponent: NotFound })

const home = createRoute({ getParentRoute: () => root, path: '/', component: HomeRedirect })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search): { back?: string | undefined } => present({ back: text(search.back) }),
  component: lazyRouteComponent(() => import('./sign-in-page'), 'SignInPage'),
})

const staff = createRoute({
  getParentRoute: () => root,
  id: 'staff',
  component: lazyRouteComponent(() => import('./staff-shell'), 'StaffShell'),
})

const day = createRoute({
  getParentRoute: () => staff,
  path: '/day',
  validateSearch: (
    search,
  ): {
    date?: string | undefined
    patient?: string | undefined
    tab?: string | undefined
    who?: string | undefined
    view?: string | undefined
  } =>
    present({
      date: text(search.date),
      patient: text(search.patient),
      tab: text(search.tab),
      who: text(search.who),
      view: text(search.view),
    }),
  component: lazyRouteComponent(() => import('./day-page'), 'DayPage'),
})

const patients = createRoute({
  getParentRoute: () => staff,
  path: '/patients',
  validateSearch: (search): { query?: string | undefined } =>
    present({ query: text(search.query) }),
  component: lazyRouteComponent(() => import('./patients-page'), 'PatientsPage'),
})

const chart = createRoute({
  getParentRoute: () => staff,
  path: '/chart/$patientId/$tab',
  params: {
    parse: ({ patientId, tab }): { patientId: string; tab: ChartTab } => ({
      patientId,
      tab: chartTabOf(tab),
    }),
  },
  component: lazyRouteComponent(() => import('./chart-page'), 'ChartPage'),
})

const leave = createRoute({
  getParentRoute: () => staff,
  path: '/leave',
  component: lazyRouteComponent(() => import('./leave-page'), 'LeavePage'),
})

const outbox = createRoute({
  getParentRoute: () => staff,
  path: '/outbox',
  validateSearch: (search): { state?: string | undefined } =>
    present({ state: text(search.state) }),
  component: lazyRouteComponent(() => import('./outbox-page'), 'OutboxPage'),
})

const merge = createRoute({
  getParentRoute: () => staff,
  path: '/merge',
  validateSearch: (search): { gone?: string | undefined; into?: string | undefined } =>
    present({ gone: text(search.gone), into: text(search.into) }),
  component: lazyRouteComponent(() => import('./merge-page'), 'MergePage'),
})

const inbox = createRoute({
  getParentRoute: () => staff,
  path: '/inbox',
  validateSearch: (search): { show?: string | undefined } => present({ show: text(search.show) }),
  component: lazyRouteComponent(() => import('./inbox-page'), 'InboxPage'),
})

const document = createRoute({
  getParentRoute: () => staff,
  path: '/inbox/$documentId',
  component: lazyRouteComponent(() => import('./document-page'), 'DocumentPage'),
})

const drafts = createRoute({
  getParentRoute: () => staff,
  path: '/drafts',
  validateSearch: (search): { show?: string | undefined } => present({ show: text(search.show) }),
  component: lazyRouteComponent(() => import('./drafts-page'), 'DraftsPage'),
})

const draft = createRoute({
  getParentRoute: () => staff,
  path: '/drafts/$draftId',
  component: lazyRouteComponent(() => import('./draft-page'), 'DraftPage'),
})

const audit = createRoute({
  getParentRoute: () => staff,
  path: '/audit',
  validateSearch: (search): { patient?: string | undefined; actor?: string | undefined } =>
    present({ patient: text(search.patient), actor: text(search.actor) }),
  component: lazyRouteComponent(() => import('./audit-page'), 'AuditPage'),
})

const oversight = createRoute({
  getParentRoute: () => staff,
  path: '/ai',
  component: lazyRouteComponent(() => import('./oversight-page'), 'OversightPage'),
})

const ask = createRoute({
  getParentRoute: () => staff,
  path: '/ask',
  validateSearch: (search): { task?: string | undefined; patient?: string | undefined } =>
    present({ task: text(search.task), patient: text(search.patient) }),
  component: lazyRouteComponent(() => import('./ask-page'), 'AskPage'),
})

const messages = createRoute({
  getParentRoute: () => staff,
  path: '/messages',
  validateSearch: (search): { show?: string | undefined } => present({ show: text(search.show) }),
  component: lazyRouteComponent(() => import('./messages-page'), 'MessagesPage'),
})

const cards = createRoute({
  getParentRoute: () => staff,
  path: '/cards',
  component: lazyRouteComponent(() => import('./cards-page'), 'CardsPage'),
})

const card = createRoute({
  getParentRoute: () => staff,
  path: '/cards/$task',
  component: lazyRouteComponent(() => import('./card-page'), 'CardPage'),
})

const answers = createRoute({
  getParentRoute: () => staff,
  path: '/answers',
  validateSearch: (search): { patient?: string | undefined } =>
    present({ patient: text(search.patient) }),
  component: lazyRouteComponent(() => import('./intake-page'), 'IntakePage'),
})

const planner = createRoute({
  getParentRoute: () => root,
  id: 'planner',
  component: lazyRouteComponent(() => import('./planner-shell'), 'PlannerShell'),
})

const plan = createRoute({
  getParentRoute: () => planner,
  path: '/plan',
  validateSearch: (search): PlanSearch => planSearch(search),
  component: lazyRouteComponent(() => import('./planner-page'), 'PlannerPage'),
})

const visitors = createRoute({
  getParentRoute: () => root,
  id: 'visitors',
  component: lazyRouteComponent(() => import('./booking-shell'), 'BookingShell'),
})

const book = createRoute({
  getParentRoute: () => visitors,
  path: '/book',
  validateSearch: (search): { step?: string | undefined; lang?: string | undefined } =>
    present({ step: text(search.step), lang: text(search.lang) }),
  component: lazyRouteComponent(() => import('./booking-page'), 'BookingPage'),
})

const link = createRoute({
  getParentRoute: () => visitors,
  path: '/link',
  component: lazyRouteComponent(() => import('./link-page'), 'LinkPage'),
})

const portal = createRoute({
  getParentRoute: () => root,
  id: 'portal',
  component: lazyRouteComponent(() => import('./portal-shell'), 'PortalShell'),
})

const portalHome = createRoute({
  getParentRoute: () => portal,
  path: '/portal',
  component: lazyRouteComponent(() => import('./portal-home-page'), 'PortalHomePage'),
})

const portalResults = createRoute({
  getParentRoute: () => portal,
  path: '/portal/results',
  component: lazyRouteComponent(() => import('./portal-results-page'), 'PortalResultsPage'),
})

const portalReport = createRoute({
  getParentRoute: () => portal,
  path: '/portal/results/$reportId',
  component: lazyRouteComponent(() => import('./portal-report-page'), 'PortalReportPage'),
})

const portalBook = createRoute({
  getParentRoute: () => portal,
  path: '/portal/book',
  validateSearch: (search): { move?: string | undefined } => present({ move: text(search.move) }),
  component: lazyRouteComponent(() => import('./portal-book-page'), 'PortalBookPage'),
})

const portalVisits = createRoute({
  getParentRoute: () => portal,
  path: '/portal/visits',
  component: lazyRouteComponent(() => import('./portal-visits-page'), 'PortalVisitsPage'),
})

const assistant = createRoute({
  getParentRoute: () => portal,
  path: '/portal/assistant',
  component: lazyRouteComponent(() => import('./assistant-page'), 'AssistantPage'),
})

const tutor = createRoute({
  getParentRoute: () => portal,
  path: '/portal/words',
  validateSearch: (search): { term?: string | undefined } => present({ term: text(search.term) }),
  component: lazyRouteComponent(() => import('./tutor-page'), 'TutorPage'),
})

const portalCard = createRoute({
  getParentRoute: () => portal,
  path: '/portal/cards/$task',
  component: lazyRouteComponent(() => import('./portal-card-page'), 'PortalCardPage'),
})

const tree = root.addChildren([
  home,
  signIn,
  staff.addChildren([
    messages,
    cards,
    card,
    day,
    patients,
    merge,
    leave,
    outbox,
    chart,
    inbox,
    document,
    drafts,
    draft,
    ask,
    audit,
    oversight,
    answers,
  ]),
  planner.addChildren([plan]),
  visitors.addChildren([book, link]),
  portal.addChildren([
    assistant,
    tutor,
    portalCard,
    portalHome,
    portalResults,
    portalReport,
    portalBook,
    portalVisits,
  ]),
])

/** Every address of the application; screens load when they are first opened. */
export function makeRouter() {
  return createRouter({ routeTree: tree, defaultPreload: 'intent', scrollRestoration: true })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
