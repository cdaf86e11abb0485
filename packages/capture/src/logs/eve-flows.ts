/**
 * What later events of a flow leave out of what earlier ones said: the share of an SMB tree, the interface that calls are
 * bound to. Suricata tells them once, Zeek's records have them in each row.
 */
import type { Event } from './eve-fields.ts';

interface Said {
  /** Path of a share by the id of its tree. */
  shares: Map<number, string>;
  /** UUID of the interface that was accepted last. */
  bound: string | undefined;
}

/** Flows that are remembered; the one that was heard of longest ago is forgotten first. */
const MOST_FLOWS = 8192;
const MOST_SHARES = 256;

export class EveFlows {
  readonly #flows = new Map<string, Said>();

  /** Learns from an event of SMB or DCE/RPC, and adds to it what is known. */
  complete(event: Event): void {
    const flow = event.text('flow_id');
    if (flow === undefined) return;
    const said = this.#flows.get(flow) ?? { shares: new Map(), bound: undefined };
    this.#flows.delete(flow);
    this.#flows.set(flow, said);
    if (this.#flows.size > MOST_FLOWS) this.#flows.delete(this.#flows.keys().next().value!);
    event.share = shareOf(event, said.shares);
    const bindings = [...event.objects('dcerpc.interfaces'), ...event.objects('smb.dcerpc.interfaces')];
    const accepted = bindings.find((one) => one.count('ack_result') === 0);
    said.bound = accepted?.text('uuid') ?? said.bound;
    event.bound = said.bound;
  }
}

function shareOf(event: Event, shares: Map<number, string>): string | undefined {
  const tree = event.count('smb.tree_id');
  const share = event.text('smb.share') || event.text('smb.named_pipe');
  if (tree === undefined) return share;
  if (share && shares.size < MOST_SHARES) shares.set(tree, share);
  return share || shares.get(tree);
}
