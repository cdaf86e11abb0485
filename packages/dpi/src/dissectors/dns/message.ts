/** One DNS message into the row of its exchange. RFC 1035 §4.1, RFC 1996, RFC 2136; which column is filled when is Zeek's. */
import type { Dns } from '@thymus/core';
import { changeText, prerequisiteText, type ResourceRecord, readRecord } from './answers.ts';
import { className, netbiosTypeName, OPCODE, rcodeName, typeName } from './constants.ts';
import { type DnsReader, netbiosName } from './names.ts';

/** More questions than this are no DNS. */
const MAX_QUESTIONS = 25;

export interface Header {
  transId: number;
  isReply: boolean;
  opcode: number;
  flags: number;
  questions: number;
  answers: number;
  authorities: number;
  additionals: number;
}

/** What a message may tell its connection. */
export interface Findings {
  weird(name: string, detail?: string): void;
  confirm(): void;
}

/** The header of a message of 12 bytes or more; the reader stands behind it. */
export function readHeader(r: DnsReader): Header {
  const transId = r.u16();
  const flags = r.u16();
  return {
    transId,
    flags,
    isReply: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 0xf,
    questions: r.u16(),
    answers: r.u16(),
    authorities: r.u16(),
    additionals: r.u16(),
  };
}

/** Fills the row from a message whose header was read; a broken message leaves what was read before the break. */
export function fillRow(
  row: Dns,
  header: Header,
  r: DnsReader,
  isNetbios: boolean,
  ts: number,
  found: Findings,
): void {
  if (header.isReply) fillReplyHeader(row, header);
  if (header.questions > MAX_QUESTIONS) {
    found.weird('DNS_Conn_count_too_large');
    return;
  }
  const isUpdate = header.opcode === OPCODE.UPDATE && !isNetbios;
  for (let i = 0; i < header.questions && !r.failed; i++) readQuestion(row, header, r, isNetbios, isUpdate);
  if (isUpdate) fillUpdate(row, header, r, ts);
  else if (header.isReply) fillAnswers(row, header, r, isNetbios, ts, found);
  if (r.failed) found.weird(r.failed);
  else found.confirm();
}

function fillReplyHeader(row: Dns, header: Header): void {
  const rcode = header.flags & 0xf;
  row.rcode = rcode;
  row.rcode_name = rcodeName(rcode);
  // refused without any record; a name that does not exist comes with its zone's SOA
  const records = header.answers + header.authorities + header.additionals;
  if (rcode !== 0 && (header.questions === 0 || records === 0)) row.rejected = true;
}

function readQuestion(row: Dns, header: Header, r: DnsReader, isNetbios: boolean, isUpdate: boolean): void {
  if (header.isReply || isUpdate) {
    r.skipName();
    r.u32();
    return;
  }
  const name = r.name();
  const qtype = r.u16();
  const qclass = r.u16();
  if (r.failed) return;
  row.query = isNetbios ? netbiosName(name) : name;
  row.qtype = qtype;
  row.qtype_name = isNetbios ? netbiosTypeName(qtype) : typeName(qtype);
  row.qclass = qclass;
  row.qclass_name = className(qclass);
  row.RD = (header.flags & 0x0100) !== 0;
  row.TC = (header.flags & 0x0200) !== 0;
  row.Z = (header.flags >> 4) & 7;
}

function fillAnswers(
  row: Dns,
  header: Header,
  r: DnsReader,
  isNetbios: boolean,
  ts: number,
  found: Findings,
): void {
  const answers = new Answers();
  for (let i = 0; i < header.answers && !r.failed; i++) {
    const record = readRecord(r, isNetbios);
    if (r.failed) break;
    if (record.isUnknown) found.weird('DNS_RR_unknown_type', String(record.type));
    if (record.text === undefined) continue;
    row.AA = (header.flags & 0x0400) !== 0;
    row.RA = (header.flags & 0x0080) !== 0;
    answers.add(record, record.text);
  }
  answers.fill(row, ts);
}

/** Conditions and changes, from the request, or from the reply where the request was not seen. */
function fillUpdate(row: Dns, header: Header, r: DnsReader, ts: number): void {
  const isKnown = row.answers !== undefined;
  const changes = new Answers();
  const count = header.answers + header.authorities;
  for (let i = 0; i < count && !r.failed; i++) {
    const record = readRecord(r, false);
    if (r.failed) break;
    const text = i < header.answers ? prerequisiteText(record) : changeText(record);
    changes.add(record, isKnown ? '' : text);
  }
  changes.fill(row, ts);
}

/** The answers of one message on their way into the row. */
class Answers {
  readonly #texts: string[] = [];
  readonly #lifetimes: number[] = [];
  #name: string | undefined;

  /** An empty text says that there was an answer, and nothing of it. */
  add(record: ResourceRecord, text: string): void {
    this.#name ??= record.name;
    if (text === '') return;
    this.#texts.push(text);
    this.#lifetimes.push(record.ttl * 1000);
  }

  fill(row: Dns, ts: number): void {
    if (this.#name === undefined) return;
    row.query ??= this.#name;
    if (row.rtt === undefined && ts > row.ts) row.rtt = ts - row.ts;
    if (this.#texts.length === 0) return;
    row.answers = row.answers ? [...row.answers, ...this.#texts] : this.#texts;
    row.TTLs = row.TTLs ? [...row.TTLs, ...this.#lifetimes] : this.#lifetimes;
  }
}
