import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { extractTo } from './extract.ts';

test('a file is written whole under a name that says when, over what and which', () => {
  const folder = mkdtempSync(join(tmpdir(), 'thymus-extract-'));
  try {
    const extract = extractTo(join(folder, 'made'));
    const start = { source: '../SMB', isOrig: true, filename: '../../etc/passwd' };
    const sink = extract('Fabc', start, 1_700_000_000_123.5);
    const part = new Uint8Array(40_000).fill(7);
    for (let i = 0; i < 3; i++) sink.write(part);
    sink.end();
    extract('Fnone', start, 0).end();
    assert.deepEqual(readdirSync(join(folder, 'made')), ['extract-1700000000.123500-SMB-Fabc']);
    assert.equal(sink.name, 'extract-1700000000.123500-SMB-Fabc');
    assert.equal(readFileSync(join(folder, 'made', sink.name)).length, 120_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
