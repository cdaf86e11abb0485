/** Which address shows which screen. The hash is the state: parameters are checked here, once, before a screen sees them. */
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { keepRange, parseRange } from './lib/time-range.ts';
import { freeText, parseSearch, stringifySearch } from './lib/url-state.ts';
import { Breaches, Home } from './screens/home/home.tsx';
import { traySearch } from './screens/home/tray-search.ts';
import { Broken } from './shell/broken.tsx';
import { NotFound } from './shell/not-found.tsx';
import { Shell } from './shell/shell.tsx';

/** Parameters of a screen: text, or not there. */
type Search<N extends string> = { [P in N]?: string | undefined };

/** Screens with tabs, some of which show a metric. */
const tabSearch = (search: Record<string, unknown>): Search<'tab' | 'metric'> => ({
  tab: freeText(search['tab'], 20) || undefined,
  metric: freeText(search['metric'], 100) || undefined,
});

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  validateSearch: parseRange,
  search: { middlewares: [({ search, next }) => keepRange(search, next(search))] },
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: traySearch,
  component: Home,
});

const breaches = createRoute({
  getParentRoute: () => root,
  path: '/breaches',
  validateSearch: traySearch,
  component: Breaches,
});

const breach = createRoute({
  getParentRoute: () => root,
  path: '/modelbreach/$pbid',
  validateSearch: tabSearch,
  component: lazyRouteComponent(() => import('./screens/breach/breach.tsx'), 'BreachScreen'),
});

const devices = createRoute({
  getParentRoute: () => root,
  path: '/devices',
  validateSearch: (search): Search<'q' | 'sort'> => ({
    q: freeText(search['q'], 200) || undefined,
    sort: freeText(search['sort'], 20) || undefined,
  }),
  component: lazyRouteComponent(() => import('./screens/device/devices.tsx'), 'DevicesScreen'),
});

const device = createRoute({
  getParentRoute: () => root,
  path: '/device/$did',
  validateSearch: tabSearch,
  component: lazyRouteComponent(() => import('./screens/device/device.tsx'), 'DeviceScreen'),
});

const search = createRoute({
  getParentRoute: () => root,
  path: '/search',
  validateSearch: (search): Search<'q'> => ({ q: freeText(search['q']) || undefined }),
  component: lazyRouteComponent(() => import('./screens/search/search.tsx'), 'SearchScreen'),
});

const sysstatus = createRoute({
  getParentRoute: () => root,
  path: '/sysstatus',
  component: lazyRouteComponent(() => import('./screens/status/status.tsx'), 'StatusScreen'),
});

export const router = createRouter({
  routeTree: root.addChildren([home, breaches, breach, devices, device, search, sysstatus]),
  history: createHashHistory(),
  parseSearch,
  stringifySearch,
  defaultErrorComponent: Broken,
  defaultPreload: 'intent',
  defaultPreloadDelay: 80,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
