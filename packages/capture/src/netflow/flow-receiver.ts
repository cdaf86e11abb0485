/** Receives flow records over UDP, for sites that send no packets: routers and firewalls are told where to send. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type Conn, ThymusError } from '@thymus/core';
import { FlowPairs } from './flow-pairs.ts';
import { FlowReader, type FlowReaderCounts } from './flow-reader.ts';

export interface ReceiveFlowsOptions {
  host: string;
  port: number;
  signal: AbortSignal;
  /** ms since the epoch. */
  now(): number;
  onReady?(): void;
}

const ADVANCE_EVERY = 1000;

/**
 * Hands on connections until the signal; gives what was counted. Rejects with CAPTURE_FAILED where the address cannot be
 * used, and with what `emit` throws.
 */
export async function receiveFlows(
  emit: (conn: Conn) => void,
  { host, port, signal, now, onReady }: ReceiveFlowsOptions,
): Promise<FlowReaderCounts> {
  const pairs = new FlowPairs(emit);
  const reader = new FlowReader((flow) => pairs.add(flow, now()));
  if (signal.aborted) return reader.counts;
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const failed = new AbortController();
  let failure: unknown;
  const guard = (action: () => void) => {
    try {
      action();
    } catch (error) {
      failure ??= error;
      failed.abort();
    }
  };
  socket.on('message', (bytes, from) => guard(() => reader.read(bytes, from.address, now())));
  const timer = setInterval(() => guard(() => pairs.advance(now())), ADVANCE_EVERY);
  try {
    socket.bind(port, host);
    await once(socket, 'listening', { signal });
    onReady?.();
    await once(socket, 'error', { signal: AbortSignal.any([signal, failed.signal]) });
  } catch (error) {
    if (failure === undefined && !signal.aborted) throw refused(host, port, error);
  } finally {
    clearInterval(timer);
    await new Promise<void>((resolve) => socket.close(resolve));
  }
  if (failure !== undefined) throw failure;
  pairs.finish();
  return reader.counts;
}

const refused = (host: string, port: number, cause: unknown): ThymusError =>
  new ThymusError(
    'CAPTURE_FAILED',
    `Flow records cannot be received on ${host}:${port} (${(cause as NodeJS.ErrnoException).code ?? cause}).`,
    { cause },
  );
