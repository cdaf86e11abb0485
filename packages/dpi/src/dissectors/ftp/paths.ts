/** Paths on a server, as far as the client's way there was seen. RFC 959 §4.1.1. */

/** A path seen from a directory, without detours. A leading `.` stands for a directory that is not known. */
export function resolvePath(directory: string, path: string): string {
  const whole = path.startsWith('/') ? path : `${directory}/${path}`;
  const isAbsolute = whole.startsWith('/');
  const parts: string[] = [];
  for (const part of whole.split('/')) {
    if (part === '..') {
      if (parts.length > (parts[0] === '.' ? 1 : 0)) parts.pop();
    } else if (part !== '' && (part !== '.' || (parts.length === 0 && !isAbsolute))) parts.push(part);
  }
  return isAbsolute ? `/${parts.join('/')}` : parts.join('/');
}

/** The URL of a path on a server. */
export function urlOf(ip: string, path: string): string {
  const host = ip.includes(':') ? `[${ip}]` : ip;
  return `ftp://${host}${path.startsWith('/') ? '' : '/'}${path}`;
}

/** The directory that a reply to PWD names: between quotes, those inside doubled. */
export function quotedPath(text: string): string | undefined {
  const quoted = /"((?:[^"]|"")*)"/.exec(text);
  return quoted?.[1]?.replaceAll('""', '"');
}
