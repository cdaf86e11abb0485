/** Whether a certificate was made for a host name. RFC 9525 §6.3; as OpenSSL does it, the common name counts where no DNS name is given. */

/** True if a pattern, perhaps with `*` for its first label, fits a name. */
function fits(pattern: string, name: string): boolean {
  const want = pattern.toLowerCase();
  if (!want.startsWith('*.')) return want === name;
  const rest = want.slice(1);
  const label = name.slice(0, name.indexOf('.'));
  return (
    rest.indexOf('.', 1) > 0 && label !== '' && !label.startsWith('xn--') && name.slice(label.length) === rest
  );
}

/** Tells whether the certificate's DNS names, or its common name if it has none, include the host name. */
export function fitsHostName(
  hostName: string,
  dnsNames: readonly string[] | undefined,
  commonName: string | undefined,
): boolean {
  const name = hostName.toLowerCase().replace(/\.$/, '');
  const patterns = dnsNames ?? (commonName === undefined ? [] : [commonName]);
  return patterns.some((pattern) => fits(pattern, name));
}
