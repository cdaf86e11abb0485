/** Which records stand behind a breach, as a query and a window for Advanced Search. */
import { clauseFor, uidQuery } from '../../lib/search-text.ts';
import { absolute } from '../../lib/time-range.ts';
import { type Explanation, evidenceWindow, uidsOf } from './why.ts';

export interface EvidenceSearch {
  q: string;
  from: number;
  to: number;
  /** True where single connections are named; otherwise the whole window of the device is shown. */
  isExact: boolean;
}

/** Records of the device, by every address it is known to have; by nothing but the window where it has none. */
export function deviceQuery(ips: readonly string[]): string {
  return ips
    .slice(0, 8)
    .flatMap((ip) => [clauseFor('source_ip', ip), clauseFor('dest_ip', ip)])
    .join(' OR ');
}

/** The connections that decided, or else everything between the device and the endpoint in the window. */
export function evidenceSearch(explanation: Explanation, ips: readonly string[]): EvidenceSearch {
  const window = evidenceWindow(explanation);
  const uids = uidsOf(explanation);
  if (uids.length > 0) return { q: uidQuery(uids), ...window, isExact: true };
  const endpoint = explanation.components.find((c) => c.evidence.endpoint)?.evidence.endpoint;
  const device = deviceQuery(ips);
  if (endpoint && device)
    return { q: `(${device}) AND ${clauseFor(undefined, endpoint)}`, ...window, isExact: false };
  return { q: device, ...window, isExact: false };
}

/** Parameters of Advanced Search that show the same records. */
export function searchLink({ q, from, to }: { q: string; from: number; to: number }) {
  return { q, range: undefined, ...absolute(from, to) };
}
