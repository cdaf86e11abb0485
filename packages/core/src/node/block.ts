/**
 * Blocks: rows of one record kind, encoded once, compressed and sealed. Spool, link and bus carry nothing else.
 *
 * Layout: 4 bytes CRC-32 of all that follows, so that damage is found before anything is read; 4 bytes length of the
 * header; the header as JSON; the payload (RowBinary, zstd level 1).
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
  /** True for the last block of a batch: what was seen together and is taken up together. */
  endsBatch: boolean;
  rows: number;
  /** Earliest and latest record, ms since the epoch. */
  minTs: number;
  maxTs: number;
  /** Bytes of the payload before compression. */
  size: number;
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
  seal(source: string, epoch: number, sequence: number, endsBatch = true): Block | undefined {
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
      endsBatch,
      rows: this.#rows,
      minTs: this.#minTs,
      maxTs: this.#maxTs,
      size: raw.length,
    };
    this.#writer.reset();
    this.#rows = 0;
    this.#minTs = Number.POSITIVE_INFINITY;
    this.#maxTs = Number.NEGATIVE_INFINITY;
    return { header, payload };
  }
}

/** Collects records of all kinds and seals them together, as one batch of blocks. */
export class BatchBuilder {
  readonly #source: string;
  readonly #epoch: number;
  readonly #builders = new Map<RecordKind, BlockBuilder>();
  #sequence: number;
  #rows = 0;

  /** `sequence` is the number of the last block that was sealed before. */
  constructor(source: string, epoch = 0, sequence = 0) {
    this.#source = source;
    this.#epoch = epoch;
    this.#sequence = sequence;
  }

  get rows(): number {
    return this.#rows;
  }

  add(record: LogRecord): void {
    const builder = this.#builders.get(record.kind) ?? new BlockBuilder(record.kind);
    if (builder.rows === 0) this.#builders.set(record.kind, builder);
    builder.add(record);
    this.#rows++;
  }

  /** The blocks of all kinds seen since the last call, in the order in which the kinds first appeared in the run. */
  seal(): Block[] {
    const filled = [...this.#builders.values()].filter((builder) => builder.rows > 0);
    this.#rows = 0;
    return filled.map((builder, i) => {
      return builder.seal(this.#source, this.#epoch, ++this.#sequence, i === filled.length - 1)!;
    });
  }
}

/** A block as one piece of bytes. */
export function packBlock(block: Block): Uint8Array {
  const header = Buffer.from(JSON.stringify(block.header));
  const out = Buffer.allocUnsafe(8 + header.length + block.payload.length);
  out.writeUInt32LE(header.length, 4);
  out.set(header, 8);
  out.set(block.payload, 8 + header.length);
  out.writeUInt32LE(crc32(out.subarray(4)), 0);
  return out;
}

/** The block in a piece of bytes. Throws BAD_FILE if it is damaged. */
export function unpackBlock(bytes: Uint8Array): Block {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < 8 || crc32(view.subarray(4)) !== view.readUInt32LE(0))
    throw damaged('its checksum is wrong');
  const length = view.readUInt32LE(4);
  if (length > view.length - 8) throw damaged('its header is cut');
  let header: BlockHeader;
  try {
    header = JSON.parse(view.toString('utf8', 8, 8 + length)) as BlockHeader;
  } catch (cause) {
    throw damaged('its header cannot be read', cause);
  }
  if (!(header.size <= MAX_SIZE)) throw damaged(`it claims ${header.size} bytes`);
  return { header, payload: bytes.subarray(8 + length) };
}

/** The rows of a block before compression. Throws BAD_FILE if they are not what the header says. */
export function blockRows(block: Block): Uint8Array {
  let rows: Uint8Array;
  try {
    rows = zstdDecompressSync(block.payload, { maxOutputLength: block.header.size + 1 });
  } catch (cause) {
    throw damaged('its rows cannot be decompressed', cause);
  }
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
