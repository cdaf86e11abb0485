/** Dissects captures of the corpus as `thymus dissect` does and compares the logs that are written. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRecordWriter, readCaptures } from '@thymus/capture';
import { declarationOf } from '@thymus/core';
import { DISSECTORS, Engine, type FileOptions, type OnDemand } from '@thymus/dpi';
import { compareRows } from './compare.ts';
import { type Case, type Expectation, type ExpectedLog, type Row, readRows } from './corpus.ts';
import { LOCAL_NETWORKS } from './local-networks.ts';
import type { Result } from './score.ts';

/** Judges one set; logs that we do not write are left out. */
export async function runCase(folder: string, { capture, expectation }: Case, log: string | undefined) {
  const wanted = expectation.logs.filter((l) => isWritten(l) && (log === undefined || l.log === log));
  if (wanted.length === 0) return [];
  const out = mkdtempSync(join(tmpdir(), 'thymus-conformance-'));
  try {
    // Some policy scripts of Zeek add columns that we have as our own: VLANs, MAC addresses, community IDs.
    const writer = createRecordWriter({
      format: 'zeek-tsv',
      folder: out,
      withOwnColumns: true,
      now: () => 0,
    });
    const checksums = expectation.ignore_checksums ? 'ignore' : 'check';
    const engine = new Engine(
      {
        checksums,
        internal: LOCAL_NETWORKS,
        vlanAware: isVlanAware(expectation),
        files: {
          hashes: isHashing(expectation),
          certificates: expectation.options.includes('X509::log_x509_in_files_log = T'),
          ...(isExtracting(expectation) && { extract: nowhere }),
          extractLimit: Number.MAX_SAFE_INTEGER,
        },
        onDemand: onDemand(expectation),
        limits: { flows: 8_192 },
      },
      (record) => writer.write(record),
      DISSECTORS,
    );
    await readCaptures([join(folder, capture)], engine);
    engine.finish();
    writer.close();
    return [...Map.groupBy(wanted, (l) => l.log).values()].map((logs): Result => {
      const ours = writtenRows(out, logs[0]!.log);
      const expected = readRows(join(folder, logs[0]!.file), logs[0]!.format, logs[0]!.fields);
      const comparison = compareRows(logs[0]!.log, expected, ours, expectation.bare);
      return { capture, set: expectation.id, log: logs[0]!.log, comparison };
    });
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** The script that makes VLAN tags part of Zeek's connection key. */
const isVlanAware = ({ loads }: Expectation): boolean =>
  loads.some((script) => script.endsWith('frameworks/conn_key/vlan_fivetuple'));

const isHashing = ({ loads }: Case['expectation']): boolean =>
  loads.includes('frameworks/files/hash-all-files');

const isExtracting = ({ loads }: Expectation): boolean =>
  loads.includes('frameworks/files/extract-all-files');

/** Takes the bytes of a file; the name is as the expectations have it, without time and id. */
const nowhere: NonNullable<FileOptions['extract']> = (_fuid, { source }) => ({
  name: `extract-XXXXXXXXXX.XXXXXX-${source}-XXXXXXXXXXXXXXXXX`,
  write: () => {},
  end: () => {},
});

const onDemand = ({ options }: Expectation): OnDemand[] =>
  options.some((option) => option.includes('SMB::FILE_WRITE')) ? ['smb_reads', 'smb_writes'] : [];

/** Logs that the engine has a record for; ours alone have no counterpart. */
export const isWritten = ({ log }: ExpectedLog): boolean => declarationOf(log) !== undefined;

function writtenRows(folder: string, log: string): Row[] {
  const path = join(folder, `${log}.log`);
  return existsSync(path) ? readRows(path, 'zeek-tsv', []) : [];
}
