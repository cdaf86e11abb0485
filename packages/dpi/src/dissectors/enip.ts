/** EtherNet/IP, which carries CIP: recognised by its encapsulation header. CIP Networks Library volume 2, §2-3. */
import { recognise } from './recognition.ts';

const HEADER = 24;
/** ListServices, ListIdentity, ListInterfaces, RegisterSession, UnRegisterSession, SendRRData, SendUnitData. */
const COMMANDS: readonly number[] = [0x04, 0x63, 0x64, 0x65, 0x66, 0x6f, 0x70];
const STATUSES: readonly number[] = [0x00, 0x01, 0x02, 0x03, 0x64, 0x65, 0x69];

function isEnip(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER || !COMMANDS.includes(bytes[0]!) || bytes[1] !== 0) return false;
  const length = bytes[2]! | (bytes[3]! << 8);
  const hasStatus = STATUSES.includes(bytes[8]!) && bytes[9] === 0 && bytes[10] === 0 && bytes[11] === 0;
  const hasOptions = bytes[20] !== 0 || bytes[21] !== 0 || bytes[22] !== 0 || bytes[23] !== 0;
  return bytes.length === HEADER + length && hasStatus && !hasOptions;
}

export const enip = recognise({
  name: 'enip',
  transports: ['tcp', 'udp'],
  ports: [44_818, 2222],
  begins: (first) => COMMANDS.includes(first),
  asks: (bytes) => (isEnip(bytes) ? 1 : 0),
});
