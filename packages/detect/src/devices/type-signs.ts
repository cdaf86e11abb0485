/**
 * What tells the type of a device: makers of network cards, ports it answers on and turns to (IANA service names), what it
 * calls itself, its browser, its DHCP client (RFC 2132 option 60). Five points make a type; a sign counts again, with other
 * clients or in other hours, up to its `most`.
 */

export interface Sign {
  type: string;
  reason: string;
  points: number;
  /** 20 by default. */
  most?: number;
}

/** A maker of hardly anything else decides, whoever else looks at the web page of the thing. */
const ONLY = 30;
/** A maker of many things tips the balance. */
const ALSO = 3;

/** Words of makers' names, type, points. The first row that matches counts. */
export const MAKERS: readonly (readonly [RegExp, string, number])[] = [
  [
    /\b(axis comm|hikvision|dahua|hanwha vision|vivotek|mobotix|reolink|amcrest|geovision|bosch sec|arlo)/i,
    'camera',
    ONLY,
  ],
  [
    /\b(polycom|yealink|snom|grandstream|avaya|mitel|aastra|gigaset|unify|fanvil|spectralink|innovaphone)/i,
    'ipphone',
    ONLY,
  ],
  [
    /\b(lexmark|ricoh|xerox|konica minolta|kyocera document|brother industries|oki electric)/i,
    'printer',
    ONLY,
  ],
  [/\b(hewlett packard(?! enterprise)|hp inc|canon|seiko epson|zebra tech|kyocera)\b/i, 'printer', ALSO],
  [/\b(synology|qnap|netapp|isilon)/i, 'fileserver', ONLY],
  [/\b(routerboard|mikrotik|juniper|fortinet|palo alto networks|avm|draytek)/i, 'router', ONLY],
  [
    /\b(espressif|tuya|shelly|allterco|signify|philips lighting|nest labs|ecobee|sonos|ring llc)/i,
    'iot',
    ONLY,
  ],
  [/\b(roku|vizio|tcl|hisense)/i, 'tv', ONLY],
  [/\bcisco systems/i, 'ipphone', ALSO],
  [/\b(vmware|xensource|nutanix|super micro|hewlett packard enterprise|quanta computer)/i, 'server', ALSO],
];

const serves = (type: string, reason: string, points = 1, most?: number): Sign => ({
  type,
  reason,
  points,
  ...(most !== undefined && { most }),
});

/** Any appliance shows its administrators a web page or a shell: these weigh half of what a service for people does. */
const ADMIN = 10;

/** Port that answers → sign. Domain controllers are that whatever else they serve. */
export const SERVED: ReadonlyMap<number, Sign> = new Map([
  [22, serves('server', 'serves SSH', 1, ADMIN)],
  [25, serves('server', 'takes mail')],
  [53, serves('dnsserver', 'answers DNS')],
  [67, serves('server', 'gives DHCP leases')],
  [80, serves('server', 'serves web pages', 1, ADMIN)],
  [88, serves('server', 'answers Kerberos, as domain controllers do', 3, 60)],
  [111, serves('server', 'serves remote procedures', 1, ADMIN)],
  [123, serves('server', 'tells the time')],
  [161, serves('printer', 'answers SNMP, as printers do', 1, 3)],
  [389, serves('server', 'answers LDAP')],
  [443, serves('server', 'serves TLS', 1, ADMIN)],
  [445, serves('fileserver', 'serves files over SMB')],
  [514, serves('logserver', 'takes syslog')],
  [515, serves('printer', 'prints over LPD', 3)],
  [548, serves('fileserver', 'serves files over AFP')],
  [554, serves('camera', 'streams over RTSP', 3)],
  [631, serves('printer', 'prints over IPP', 3)],
  [636, serves('server', 'answers LDAP')],
  [1433, serves('server', 'serves SQL Server')],
  [1521, serves('server', 'serves Oracle')],
  [2049, serves('fileserver', 'serves files over NFS')],
  [3128, serves('proxyserver', 'serves as web proxy')],
  [3268, serves('server', 'answers LDAP')],
  [3306, serves('server', 'serves MySQL')],
  [5060, serves('server', 'takes calls over SIP')],
  [5432, serves('server', 'serves PostgreSQL')],
  [6514, serves('logserver', 'takes syslog')],
  [8009, serves('tv', 'takes casts', 1, ADMIN)],
  [8530, serves('server', 'hands out updates')],
  [9100, serves('printer', 'prints over port 9100', 3)],
]);

/** Distinct clients on any other port; a desktop that shares something has one or two. */
export const USED_BY_OTHERS = serves('server', 'is used by other devices', 1, ADMIN);

/** Port that a device turns to → sign, counted once an hour; less than people or services leave in a day. */
export const USED: ReadonlyMap<number, Sign> = new Map([
  [161, serves('server', 'watches others over SNMP', 1, 8)],
  [5060, serves('ipphone', 'calls over SIP', 1, 8)],
  [5061, serves('ipphone', 'calls over SIP', 1, 8)],
]);

export const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^(desktop|pc|ws|wks|workstation)[-_0-9]/, 'desktop'],
  [/^(laptop|nb|notebook)[-_0-9]|macbook/, 'laptop'],
  [/^(fs|nas|files?)[-_]?[0-9]|^diskstation/, 'fileserver'],
  [
    /^(srv|server|dc|sql|exch)[-_0-9]|^(bk|backup|wsus|mon|db|app|web|mail|esxi?)[-_]?[0-9]|server$/,
    'server',
  ],
  [/iphone|android|galaxy|pixel/, 'mobile'],
  [/ipad/, 'tablet'],
  [/^(prn|prt|printer|npi[0-9a-f]{6}|brn|epson|canon)/, 'printer'],
  [/^(cam|ipcam|camera)[-_0-9]|^axis-[0-9a-f]{12}$/, 'camera'],
  [/^(tel|sip|voip|phone|ipphone)[-_0-9]|^sep[0-9a-f]{12}$/, 'ipphone'],
];

/** Word of a user agent, type, operating system ('' if it tells none), reason. */
export const AGENTS: readonly (readonly [string, string, string, string])[] = [
  ['iPhone', 'mobile', 'iOS', 'browses as an iPhone'],
  ['iPad', 'tablet', 'iPadOS', 'browses as an iPad'],
  ['Android', 'mobile', 'Android', 'browses as an Android device'],
  ['SmartTV', 'tv', '', 'browses as a television'],
  ['Tizen', 'tv', '', 'browses as a television'],
  ['Windows NT', 'desktop', 'Windows', 'browses from Windows'],
  ['Macintosh', 'desktop', 'macOS', 'browses from a Mac'],
  ['X11; Linux', 'desktop', 'Linux', 'browses from Linux'],
];

/** Vendor class of a DHCP client, sign, operating system. */
export const VENDOR_CLASSES: readonly (readonly [RegExp, Sign, string])[] = [
  [/^MSFT/, serves('desktop', 'asks DHCP as Windows', 3), 'Windows'],
  [/^android-dhcp/, serves('mobile', 'asks DHCP as Android', 5), 'Android'],
  [
    /ip phone|polycom|yealink|snom|grandstream|aastra|mitel/i,
    serves('ipphone', 'asks DHCP as an IP phone', 6),
    '',
  ],
  [/network camera|ipcam|hikvision|dahua|vivotek|^axis/i, serves('camera', 'asks DHCP as a camera', 6), ''],
  [
    /jetdirect|laserjet|printer|lexmark|ricoh|xerox|kyocera/i,
    serves('printer', 'asks DHCP as a printer', 6),
    '',
  ],
];
