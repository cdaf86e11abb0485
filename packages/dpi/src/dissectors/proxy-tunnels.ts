/** Proxies in use, each told once as a tunnel: connections through one differ only in their source port. Zeek's tunnel.log. */
import type { Connection } from '../dissector.ts';

const MOST_KNOWN = 4_096;
/** A proxy that was silent for as long is told of again, ms. */
const FORGET_AFTER = 3_600_000;

export class ProxyTunnels {
  readonly #lastUse = new Map<string, number>();

  /** Emits a tunnel record, with source port 0, unless this client's use of the proxy is known. */
  discover(connection: Connection, type: 'Tunnel::SOCKS' | 'Tunnel::HTTP'): void {
    const { ts, uid, source_ip, dest_ip, dest_port } = connection;
    const key = `${type} ${source_ip} ${dest_ip} ${dest_port}`;
    const last = this.#lastUse.get(key);
    this.#lastUse.delete(key);
    this.#lastUse.set(key, ts);
    if (this.#lastUse.size > MOST_KNOWN) this.#lastUse.delete(this.#lastUse.keys().next().value!);
    if (last !== undefined && ts - last < FORGET_AFTER) return;
    const what = { tunnel_type: type, action: 'Tunnel::DISCOVER' };
    connection.emit({ kind: 'tunnel', ts, uid, source_ip, source_port: 0, dest_ip, dest_port, ...what });
  }
}
