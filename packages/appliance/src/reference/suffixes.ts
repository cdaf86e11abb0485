/** Registrable domains after a public suffix list read from a file. The list's format: publicsuffix.org/list. */

const PRIVATE_PART = '===BEGIN PRIVATE DOMAINS===';

/**
 * Gives a function from a host name to its registrable domain, undefined where there is none. Only the part of the
 * list that registries maintain counts, so that hosts of one cloud share a domain.
 */
export function suffixList(text: string): (hostname: string) => string | undefined {
  const rules = new Set<string>();
  const cut = text.indexOf(PRIVATE_PART);
  for (const line of (cut < 0 ? text : text.slice(0, cut)).split('\n')) {
    const rule = line.trim().split(/\s/)[0]!;
    if (rule !== '' && !rule.startsWith('//')) rules.add(rule.toLowerCase());
  }
  return (hostname) => {
    const labels = hostname.split('.');
    for (let i = 0; i < labels.length; i++) {
      const rest = labels.slice(i).join('.');
      if (rules.has(`!${rest}`)) return rest;
      const isSuffix = rules.has(rest) || rules.has(`*.${labels.slice(i + 1).join('.')}`);
      if (isSuffix) return i === 0 ? undefined : labels.slice(i - 1).join('.');
    }
    return labels.length < 2 ? undefined : labels.slice(-2).join('.');
  };
}
