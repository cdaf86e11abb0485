/**
 * Blocks: rows of one record kind, encoded once, compressed and sealed. Spool, link and bus carry nothing else.
 *
 * Layout: 4 bytes length of the header, the header as JSON, the payload (RowBinary, zstd level 1). The header holds the
 * CRC-32 of the payload, so that damage is found before anything is read from it.
 */
import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { columnCount, decoderOf, encoderOf, RowReader, RowWriter } from '../codec.ts';
import { ThymusError } from '../errors.ts';
import { declarationOf, type LogRecord, type RecordKind } from '../records/index.ts';

export interface BlockHeader {
  kind: RecordKind;
  /** Version of the record declaration. */
  version: number;
  /** How many columns each row has. */
  columns: number;
  /** Who dissected it: a sensor, an import job. */
  source: string;
  /** Counts the starts of a source that keeps no position; 0 for imports. */
  epoch: number;
  /** Number of the block within source and epoch, from 1, without gaps. */
  sequence: number;
  rows: number;
  /** Earliest and latest record, ms since the epoch. */
  minTs: number;
  maxTs: number;
  /** Bytes of the payload before compression. */
  size: number;
  crc: number;
}

export interface Block {
  header: BlockHeader;
  /** The compressed payload. */
  payload: Uint8Array;
}

const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** More than any block we write; a header that promises more is damaged or hostile. */
const MAX_SIZE = 64 * 1024 * 1024;

/** Collects records of one kind and seals them. */
export class BlockBuilder {
  readonly kind: RecordKind;
  readonly #encode;
  readonly #version: number;
  readonly #columns: number;
  readonly #writer = new RowWriter();
  #rows = 0;
  #minTs = Number.POSITIVE_INFINITY;
  #maxTs = Number.NEGATIVE_INFINITY;

  constructor(kind: RecordKind) {
    const declaration = declarationOf(kind)!;
    this.kind = kind;
    this.#encode = encoderOf(declaration);
    this.#version = declaration.version;
    this.#columns = columnCount(declaration);
  }

  get rows(): number {
    return this.#rows;
  }

  /** Bytes so far, before compression. */
  get size(): number {
    return this.#writer.at;
  }

  get minTs(): number {
    return this.#minTs;
  }

  add(record: LogRecord): void {
    this.#encode(this.#writer, record);
    this.#rows++;
    if (record.ts < this.#minTs) this.#minTs = record.ts;
    if (record.ts > this.#maxTs) this.#maxTs = record.ts;
  }

  /** Seals what was collected and starts anew; undefined if there is nothing. */
  seal(source: string, epoch: number, sequence: number): Block | undefined {
    if (this.#rows === 0) return undefined;
    const raw = this.#writer.written;
    const payload = zstdCompressSync(raw, options);
    const header: BlockHeader = {
      kind: this.kind,
      version: this.#version,
      columns: this.#columns,
      source,
      epoch,
      sequence,
      rows: this.#rows,
      minTs: this.#minTs,
      maxTs: this.#maxTs,
      size: raw.length,
      crc: crc32(payload),
    };
    this.#writer.reset();
    this.#rows = 0;
    this.#minTs = Number.POSITIVE_INFINITY;
    this.#maxTs = Number.NEGATIVE_INFINITY;
    return { header, payload };
  }
}

/** A block as one piece of bytes. */
export function packBlock(block: Block): Uint8Array {
  const header = Buffer.from(JSON.stringify(block.header));
  const out = Buffer.allocUnsafe(4 + header.length + block.payload.length);
  out.writeUInt32LE(header.length, 0);
  out.set(header, 4);
  out.set(block.payload, 4 + header.length);
  return out;
}

/** The block in a piece of bytes. Throws BAD_FILE if it is damaged. */
export function unpackBlock(bytes: Uint8Array): Block {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.length < 4 ? -1 : view.readUInt32LE(0);
  if (length < 2 || length > view.length - 4) throw damaged('its header is cut');
  let header: BlockHeader;
  try {
    header = JSON.parse(view.toString('utf8', 4, 4 + length)) as BlockHeader;
  } catch (cause) {
    throw damaged('its header cannot be read', cause);
  }
  const payload = bytes.subarray(4 + length);
  if (crc32(payload) !== header.crc) throw damaged('its checksum is wrong');
  if (!(header.size <= MAX_SIZE)) throw damaged(`it claims ${header.size} bytes`);
  return { header, payload };
}

/** The rows of a block before compression. Throws BAD_FILE if they are not what the header says. */
export function blockRows(block: Block): Uint8Array {
  const rows = zstdDecompressSync(block.payload, { maxOutputLength: block.header.size + 1 });
  if (rows.length !== block.header.size) throw damaged('its rows are cut');
  return rows;
}

/**
 * Reads all records of a block. `visit` also gets the row's place in `rows`, so that the bytes can be passed on as
 * they are.
 */
export function readBlock(
  block: Block,
  rows: Uint8Array,
  visit: (record: LogRecord, start: number, end: number) => void,
): void {
  const declaration = declarationOf(block.header.kind);
  if (!declaration) throw damaged(`nobody knows records of the kind ${block.header.kind}`);
  const decode = decoderOf(declaration, block.header.columns);
  const reader = new RowReader(rows);
  for (let i = 0; i < block.header.rows; i++) {
    const start = reader.at;
    const record = decode(reader);
    if (reader.bad) throw damaged(`row ${i} of ${block.header.rows} is cut`);
    visit(record, start, reader.at);
  }
}

const damaged = (why: string, cause?: unknown) =>
  new ThymusError('BAD_FILE', `A block is damaged: ${why}.`, { cause });
