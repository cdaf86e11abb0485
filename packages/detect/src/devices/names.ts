/** Host names and how far each source of them is trusted. RFC 2132 option 12, RFC 4702, MS-KILE, MS-NLMP. */

/** A name replaces one of the same or a lower rank. NTLM is last: the client may write there what it likes. */
export const NAME_RANK = { none: 0, ntlm: 1, rdp: 1, dhcp: 2, kerberos: 3 } as const;

const MAX_NAME = 63;

/** The host part in lower case, or '' for text that is no host name (RFC 1123 section 2.1, and '_' as Windows allows). */
export function hostPart(name: string | undefined): string {
  if (!name) return '';
  const host = (name.includes('.') ? name.slice(0, name.indexOf('.')) : name).toLowerCase();
  return host.length <= MAX_NAME && /^[a-z0-9][a-z0-9_-]*$/.test(host) ? host : '';
}

/** The machine of a Kerberos principal such as "SCRANTON$/DMEVALS.LOCAL"; '' for people and services. */
export function machineOf(client: string | undefined): string {
  const end = client?.indexOf('$') ?? -1;
  return end > 0 ? hostPart(client!.slice(0, end)) : '';
}

/** The person of a Kerberos principal or NTLM user; '' for machines and anonymous log-ins. */
export function personOf(client: string | undefined): string {
  if (!client || client.includes('$') || client === '-') return '';
  const slash = client.indexOf('/');
  return (slash < 0 ? client : client.slice(0, slash)).toLowerCase().slice(0, 128);
}
