/** Names of DNS numbers as Zeek's logs print them. IANA "Domain Name System (DNS) Parameters". */

export const TYPE = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  WKS: 11,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  LOC: 29,
  NB: 32,
  SRV: 33,
  NAPTR: 35,
  A6: 38,
  OPT: 41,
  DS: 43,
  SSHFP: 44,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  NSEC3: 50,
  NSEC3PARAM: 51,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  TKEY: 249,
  TSIG: 250,
  ANY: 255,
  CAA: 257,
  BIND_SIGNING: 65_534,
} as const;

export const CLASS = { IN: 1, NONE: 254, ANY: 255 } as const;

export const OPCODE = { QUERY: 0, NOTIFY: 4, UPDATE: 5 } as const;

const TYPE_NAMES = new Map<number, string>(
  (
    '1 A,2 NS,3 MD,4 MF,5 CNAME,6 SOA,7 MB,8 MG,9 MR,10 NULL,11 WKS,12 PTR,13 HINFO,14 MINFO,15 MX,16 TXT,17 RP,' +
    '18 AFSDB,19 X25,20 ISDN,21 RT,22 NSAP,23 NSAP-PTR,24 SIG,25 KEY,26 PX,27 GPOS,28 AAAA,29 LOC,30 NXT,31 EID,' +
    '32 NIMLOC,33 SRV,34 ATMA,35 NAPTR,36 KX,37 CERT,38 A6,39 DNAME,40 SINK,41 OPT,42 APL,43 DS,44 SSHFP,' +
    '45 IPSECKEY,46 RRSIG,47 NSEC,48 DNSKEY,49 DHCID,50 NSEC3,51 NSEC3PARAM,52 TLSA,53 SMIMEA,55 HIP,56 NINFO,' +
    '57 RKEY,58 TALINK,59 CDS,60 CDNSKEY,61 OPENPGPKEY,62 CSYNC,63 ZONEMD,64 SVCB,65 HTTPS,99 SPF,100 UINFO,' +
    '101 UID,102 GID,103 UNSPEC,104 NID,105 L32,106 L64,107 LP,108 EUI48,109 EUI64,249 TKEY,250 TSIG,251 IXFR,' +
    '252 AXFR,253 MAILB,254 MAILA,255 *,256 URI,257 CAA,32768 TA,32769 DLV,65281 WINS,65282 WINS-R,65422 XPF,' +
    '65521 INTEGRITY'
  )
    .split(',')
    .map((entry) => {
      const [number, name] = entry.split(' ') as [string, string];
      return [Number(number), name];
    }),
);

const CLASS_NAMES = new Map([
  [1, 'C_INTERNET'],
  [2, 'C_CSNET'],
  [3, 'C_CHAOS'],
  [4, 'C_HESIOD'],
  [254, 'C_NONE'],
  [255, 'C_ANY'],
]);

const RCODE_NAMES = [
  'NOERROR',
  'FORMERR',
  'SERVFAIL',
  'NXDOMAIN',
  'NOTIMP',
  'REFUSED',
  'YXDOMAIN',
  'YXRRSET',
  'NXRRSet',
  'NOTAUTH',
  'NOTZONE',
];

const OPCODE_NAMES = new Map([
  [0, 'query'],
  [1, 'iquery'],
  [2, 'server-status'],
  [4, 'notify'],
  [5, 'dynamic-update'],
  [6, 'dso'],
]);

/** RFC 1002 §4.2.1.1 uses the numbers otherwise. */
const NETBIOS_OPCODE_NAMES = new Map([
  [0, 'netbios-query'],
  [5, 'netbios-registration'],
  [6, 'netbios-release'],
  [7, 'netbios-wack'],
  [8, 'netbios-refresh'],
]);

export const typeName = (type: number): string => TYPE_NAMES.get(type) ?? `query-${type}`;
/** RFC 1002 §4.2.1.3 took two numbers before DNS gave them away. */
export const netbiosTypeName = (type: number): string =>
  type === TYPE.NB ? 'NB' : type === TYPE.SRV ? 'NBSTAT' : typeName(type);

export const className = (cls: number): string => CLASS_NAMES.get(cls) ?? `qclass-${cls}`;
export const rcodeName = (rcode: number): string => RCODE_NAMES[rcode] ?? `unassigned-${rcode}`;

export const opcodeName = (opcode: number, isNetbios: boolean): string =>
  isNetbios
    ? (NETBIOS_OPCODE_NAMES.get(opcode) ?? `netbios-opcode-${opcode}`)
    : (OPCODE_NAMES.get(opcode) ?? `opcode-${opcode}`);

/** True for the types that are in use; a guess at DNS on an unusual port asks for one of them. */
export const isKnownType = (type: number): boolean => TYPE_NAMES.has(type);
