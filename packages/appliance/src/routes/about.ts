/** What runs here and whose data it uses. */
import { about } from '@thymus/contract';
import { type Site, serve } from '../http/serve.ts';

export function routeAbout(site: Site): void {
  const { services } = site;
  serve(site, about, async () => ({
    version: services.version,
    data: [...services.reference.attributions],
    started: (await services.status()).started,
  }));
}
