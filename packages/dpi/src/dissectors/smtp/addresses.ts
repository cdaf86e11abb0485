/** Addresses in envelopes and headers of mail, as Zeek's smtp.log has them. RFC 5321 §4.1.2, RFC 5322 §3.4. */
import { parseAddress } from '@thymus/core';

/** What stands around an address, and what belongs to none. */
const MAILBOX = /(?:^|[<,:\s])[^<,:\s@]+@[^>,;\s]+(?:[>,;\s]|$)/g;
const AROUND = /[<>,:;\s]/g;

/** The mailboxes in the argument of MAIL or RCPT. */
export function mailboxes(text: string): string[] {
  const found = text.match(MAILBOX) ?? [];
  return [...new Set(found.map((part) => part.replace(AROUND, '').replace(/ORCPT=rfc822;?/, '')))];
}

/** The mailboxes of a To or Cc header, with names, apart at commas outside quotes. */
export function splitAddresses(value: string): string[] {
  const parts = value.match(/(?:"[^"]*")?[^,]+/g) ?? [];
  return [...new Set(parts.map((part) => part.trim()))];
}

const IN_BRACKETS = /[[(]([0-9a-fA-F:.]{3,45})[\])]/g;
const ANYWHERE = /(?:\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F:]{2,40}:[0-9a-fA-F:.]{0,40}/g;

const isAddress = (text: string): boolean => parseAddress(text) !== undefined;

/** The host that a Received header says it came from: the second address in brackets, or the only one. */
export function receivedFrom(value: string): string | undefined {
  const found = [...value.matchAll(IN_BRACKETS)].map((match) => match[1]!).filter(isAddress);
  return found[1] ?? found[0];
}

/** The first IP address in a text. */
export const firstAddress = (text: string): string | undefined =>
  (text.match(ANYWHERE) ?? []).find(isAddress);
