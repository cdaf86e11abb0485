/** All indicators, as model editors list them. To add one: its file and one line here. */

import { ageOfDestination } from './age-of-destination.ts';
import { answersKerberos } from './answers-kerberos.ts';
import { applicationProtocol } from './application-protocol.ts';
import { asn } from './asn.ts';
import { beaconingScore } from './beaconing-score.ts';
import { connectionHostname } from './connection-hostname.ts';
import { connectionSuccess } from './connection-success.ts';
import { country } from './country.ts';
import { dataRatio } from './data-ratio.ts';
import { dayOfTheWeek } from './day-of-the-week.ts';
import type { Indicator } from './definition.ts';
import { destinationIp } from './destination-ip.ts';
import { destinationPort } from './destination-port.ts';
import { deviceAge } from './device-age.ts';
import { direction } from './direction.ts';
import { dnsHostLookup } from './dns-host-lookup.ts';
import { failedConnection } from './failed-connection.ts';
import { hourOfTheDay } from './hour-of-the-day.ts';
import { destinationType } from './internal-destination-device-type.ts';
import { sourceType } from './internal-source-device-type.ts';
import { ja3Hash } from './ja3-hash.ts';
import { message } from './message.ts';
import { networkAge } from './network-age.ts';
import { newConnection } from './new-connection.ts';
import { newOrUncommonOccurrence } from './new-or-uncommon-occurrence.ts';
import { peerRatio } from './peer-ratio.ts';
import { persistence } from './persistence.ts';
import { protocol } from './protocol.ts';
import { rareDestinationPort } from './rare-destination-port.ts';
import { rareDomain } from './rare-domain.ts';
import { rareExternalEndpoint } from './rare-external-endpoint.ts';
import { rareExternalIp } from './rare-external-ip.ts';
import { rareJa3 } from './rare-ja3.ts';
import { rareUserAgent } from './rare-user-agent.ts';
import { selfSignedCertificate } from './self-signed.ts';
import { sizeDown } from './size-down.ts';
import { sizeUp } from './size-up.ts';
import { timeSinceFirstConnection } from './time-since-first-connection.ts';
import { trustedHostname } from './trusted-hostname.ts';
import { unusualActivity } from './unusual-activity.ts';
import { userAgent } from './user-agent.ts';

export const INDICATORS: readonly Indicator[] = [
  direction,
  answersKerberos,
  protocol,
  applicationProtocol,
  destinationPort,
  destinationIp,
  connectionHostname,
  dnsHostLookup,
  country,
  asn,
  ja3Hash,
  userAgent,
  sizeUp,
  sizeDown,
  dataRatio,
  beaconingScore,
  rareDomain,
  rareExternalIp,
  rareExternalEndpoint,
  rareDestinationPort,
  rareJa3,
  rareUserAgent,
  ageOfDestination,
  timeSinceFirstConnection,
  connectionSuccess,
  persistence,
  trustedHostname,
  newConnection,
  failedConnection,
  selfSignedCertificate,
  message,
  newOrUncommonOccurrence,
  unusualActivity,
  peerRatio,
  sourceType,
  destinationType,
  deviceAge,
  networkAge,
  hourOfTheDay,
  dayOfTheWeek,
];
