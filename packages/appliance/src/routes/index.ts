/** Registers all routes. A path that is declared and not registered here fails the tests. */
import type { Site } from '../http/serve.ts';
import { routeAbout } from './about.ts';
import { routeAdvancedSearch } from './advancedsearch.ts';
import { routeComments } from './comments.ts';
import { routeDetails } from './details.ts';
import { routeDevicePages } from './device-pages.ts';
import { routeDevices } from './devices.ts';
import { routeExplanations } from './explanations.ts';
import { routeJobs } from './jobs.ts';
import { routeLive } from './live.ts';
import { routeMetrics } from './metrics.ts';
import { routeModelBreaches } from './modelbreaches.ts';
import { routeModels } from './models.ts';
import { routeSearchPages } from './search-pages.ts';
import { routeSession } from './session.ts';
import { routeStatus } from './status.ts';
import { routeSummaryStatistics } from './summarystatistics.ts';
import { routeUsers } from './users.ts';

export function registerRoutes(site: Site): void {
  routeModelBreaches(site);
  routeComments(site);
  routeDevices(site);
  routeDetails(site);
  routeModels(site);
  routeMetrics(site);
  routeSummaryStatistics(site);
  routeStatus(site);
  routeAdvancedSearch(site);
  routeSession(site);
  routeLive(site);
  routeExplanations(site);
  routeDevicePages(site);
  routeSearchPages(site);
  routeUsers(site);
  routeJobs(site);
  routeAbout(site);
}
