/** What a file holds, by its content and never by its name; compressed files are looked into. */
import { ThymusError } from '@thymus/core';
import { Input } from './input.ts';
import { isPcap } from './pcap.ts';
import { isPcapng } from './pcapng.ts';

export type FileType = 'pcap' | 'pcapng' | 'zeek-tsv' | 'zeek-json' | 'eve-json' | 'empty' | 'unknown';

/** A first line may be this long: JSON records of large certificates have some 10 KiB. */
const LOOK = 65_536;

/**
 * The type of a file. What cannot be read is `unknown`: hand it, and what is `empty`, to `readCaptures` or `readLogs`
 * to get the reason as a fault.
 */
export async function detectFileType(path: string): Promise<FileType> {
  try {
    const input = new Input(path);
    try {
      return typeOf(await readStart(input));
    } finally {
      input.close();
    }
  } catch (error) {
    if (error instanceof ThymusError) return 'unknown';
    throw error;
  }
}

/** What comes before damage tells the type, too. */
async function readStart(input: Input): Promise<Uint8Array> {
  const bytes = new Uint8Array(LOOK);
  let length = 0;
  try {
    for (let n = -1; n !== 0 && length < LOOK; length += n) n = await input.read(bytes.subarray(length));
  } catch (error) {
    if (length === 0 || !(error instanceof ThymusError)) throw error;
  }
  return bytes.subarray(0, length);
}

function typeOf(bytes: Uint8Array): FileType {
  if (bytes.length === 0) return 'empty';
  if (bytes.length >= 4 && isPcap(bytes)) return 'pcap';
  if (bytes.length >= 4 && isPcapng(bytes)) return 'pcapng';
  return typeOfText(new TextDecoder().decode(bytes).trimStart().split('\n', 1)[0]!);
}

/** The type of a log by its first line. */
export function typeOfText(line: string): FileType {
  if (/^#(separator|set_separator|path|fields)\b/.test(line)) return 'zeek-tsv';
  if (!line.startsWith('{')) return 'unknown';
  if (/"event_type"\s*:/.test(line)) return 'eve-json';
  return /"(ts|_path|@stream)"\s*:/.test(line) ? 'zeek-json' : 'unknown';
}
