/** What happens on a QUIC connection as one row: its ids, and a letter for each packet. Zeek's quic.log. */
import type { Quic } from '@thymus/core';
import type { Connection } from '../../dissector.ts';
import { hexText } from '../../text.ts';
import { headOf } from '../head.ts';
import type { LongPacket } from './packet.ts';

/** Letters of one row, Zeek's limit. */
const MOST_LETTERS = 100;

/** `c` close, `h` handshake, `i` initial, `o` short packets, `r` retry, `s` hello, `u` unknown version, `x` discarded, `z` early data. */
export type Letter = 'c' | 'h' | 'i' | 'o' | 'r' | 's' | 'u' | 'x' | 'z';

const FIRST_DRAFT = 0xff00_0000;
const VERSION_2 = 0x6b33_43cf;

/** A version as Zeek writes it. */
function versionName(version: number): string {
  if (version === 1) return '1';
  if (version === VERSION_2) return 'quicv2';
  const draft = version - FIRST_DRAFT;
  return draft >= 22 && draft <= 34 ? `draft-${draft}` : `unknown-${version.toString(16)}`;
}

const idText = (id: Uint8Array): string => hexText(id, 0, id.length);

/** The row of the connection; a new one begins with the first packet after a row was emitted. */
export class QuicHistory {
  readonly #connection: Connection;
  #row: Quic | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** True once nothing more fits into the row. */
  get isFull(): boolean {
    return this.#row !== undefined && this.#row.history.length >= MOST_LETTERS;
  }

  /** Begins a row if there is none, and keeps the connection ids of the sender. */
  packet({ version, destination, source }: LongPacket, fromOriginator: boolean): void {
    const row = this.#record(version);
    if (!fromOriginator) row.server_scid = idText(source);
    else {
      row.client_scid = idText(source);
      if (destination.length > 0) row.client_initial_dcid ??= idText(destination);
    }
  }

  /** The name and the protocol that the client asks for. */
  hello(serverName: string | undefined, protocol: string | undefined): void {
    const row = this.#row;
    if (row && serverName !== undefined) row.server_name = serverName;
    if (row && protocol !== undefined) row.client_protocol = protocol;
  }

  /** Adds a letter to the row, if there is one: a capital for the originator. */
  note(letter: Letter, fromOriginator: boolean): void {
    const row = this.#row;
    if (!row || row.history.length >= MOST_LETTERS) return;
    row.history += fromOriginator ? letter.toUpperCase() : letter;
    if (row.history.length === MOST_LETTERS) this.#connection.weird('QUIC_max_history_length_reached');
  }

  /** Emits the row, if there is one. */
  emit(): void {
    if (this.#row) this.#connection.emit(this.#row);
    this.#row = undefined;
  }

  /** True while there is a row. */
  get isOpen(): boolean {
    return this.#row !== undefined;
  }

  #record(version: number): Quic {
    this.#row ??= {
      kind: 'quic',
      ...headOf(this.#connection),
      version: versionName(version),
      history: '',
    };
    return this.#row;
  }
}
