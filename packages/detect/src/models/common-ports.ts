/** Ports that programs of every day use towards the outside, by the IANA registry: no port among them is unusual by itself. */

/** Web, mail, names, time, push services of phones, voice and video, VPN, remote shells, file transfer, MQTT. */
const PORTS = [
  20, 21, 22, 25, 53, 80, 110, 123, 143, 179, 443, 465, 500, 587, 853, 873, 989, 990, 993, 995, 1194, 1935,
  3128, 3389, 3478, 3479, 3480, 4500, 5060, 5061, 5222, 5223, 5228, 5229, 5230, 5349, 8000, 8080, 8443, 8883,
  8888, 9418, 11371, 19302,
];

/** The ports as a regular expression for filters. */
export const COMMON_PORTS = `^(${PORTS.join('|')})$`;
