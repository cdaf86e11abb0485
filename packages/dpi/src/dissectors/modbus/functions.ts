/** Functions and exceptions of Modbus: their names as Zeek writes them, and the shape of their data. V1.1b3 §6, §7. */

const FUNCTIONS: Readonly<Record<number, string>> = {
  1: 'READ_COILS',
  2: 'READ_DISCRETE_INPUTS',
  3: 'READ_HOLDING_REGISTERS',
  4: 'READ_INPUT_REGISTERS',
  5: 'WRITE_SINGLE_COIL',
  6: 'WRITE_SINGLE_REGISTER',
  7: 'READ_EXCEPTION_STATUS',
  8: 'DIAGNOSTICS',
  9: 'PROGRAM_484',
  10: 'POLL_484',
  11: 'GET_COMM_EVENT_COUNTER',
  12: 'GET_COMM_EVENT_LOG',
  13: 'PROGRAM_584_984',
  14: 'POLL_584_984',
  15: 'WRITE_MULTIPLE_COILS',
  16: 'WRITE_MULTIPLE_REGISTERS',
  17: 'REPORT_SLAVE_ID',
  18: 'PROGRAM_884_U84',
  19: 'RESET_COMM_LINK_884_U84',
  20: 'READ_FILE_RECORD',
  21: 'WRITE_FILE_RECORD',
  22: 'MASK_WRITE_REGISTER',
  23: 'READ_WRITE_MULTIPLE_REGISTERS',
  24: 'READ_FIFO_QUEUE',
  40: 'PROGRAM_CONCEPT',
  41: 'MULTIPLE_FUNCTION_CODES',
  43: 'ENCAP_INTERFACE_TRANSPORT',
  90: 'PROGRAM_UNITY',
  91: 'OBJECT_MESSAGING',
  125: 'FIRMWARE_REPLACEMENT',
  126: 'PROGRAM_584_984_2',
  127: 'REPORT_LOCAL_ADDRESS',
};

const EXCEPTIONS: Readonly<Record<number, string>> = {
  1: 'ILLEGAL_FUNCTION',
  2: 'ILLEGAL_DATA_ADDRESS',
  3: 'ILLEGAL_DATA_VALUE',
  4: 'SLAVE_DEVICE_FAILURE',
  5: 'ACKNOWLEDGE',
  6: 'SLAVE_DEVICE_BUSY',
  8: 'MEMORY_PARITY_ERROR',
  10: 'GATEWAY_PATH_UNAVAILABLE',
  11: 'GATEWAY_TARGET_DEVICE_FAILED_TO_RESPOND',
};

const EXCEPTION = 0x80;

/** Name of a function; of an exception with its bit set, the name of the function it refuses. */
export function functionName(func: number): string {
  const name = FUNCTIONS[func & ~EXCEPTION];
  if (name === undefined) return `unknown-${func}`;
  return func & EXCEPTION ? `${name}_EXCEPTION` : name;
}

export const exceptionName = (code: number): string => EXCEPTIONS[code] ?? `unknown-${code}`;

/** True if the data from `at` up to `end` has the shape of a common function, exceptions left aside. */
export function isSound(
  func: number,
  bytes: Uint8Array,
  at: number,
  end: number,
  isRequest: boolean,
): boolean {
  const length = end - at;
  const second = length === 4 ? (bytes[at + 2]! << 8) | bytes[at + 3]! : -1;
  switch (func) {
    case 1:
    case 2:
      return isRequest ? second > 0 && second <= 2_000 : length > 1 && bytes[at] === length - 1;
    case 3:
    case 4:
      return isRequest ? second > 0 && second <= 125 : length > 1 && bytes[at] === length - 1;
    case 5:
      return second === 0 || second === 0xff00;
    case 6:
      return second >= 0;
    default:
      return false;
  }
}
