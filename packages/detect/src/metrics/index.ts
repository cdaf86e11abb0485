/** All metrics, in the order in which docs and the API list them. To add one: its file and one line here. */
import { adminOperations } from './admin-operations.ts';
import { connectedTime } from './connected-time.ts';
import { connections } from './connections.ts';
import { dataTransfer } from './data-transfer.ts';
import type { MetricDefinition } from './definition.ts';
import { distinctModelBreaches } from './distinct-model-breaches.ts';
import { dnsRequests } from './dns-requests.ts';
import { dnsTunnel } from './dns-tunnel.ts';
import { externalConnections } from './external-connections.ts';
import { externalDownload } from './external-download.ts';
import { externalUpload } from './external-upload.ts';
import { failedDnsRequests } from './failed-dns-requests.ts';
import { failedExternalConnections } from './failed-external-connections.ts';
import { failedInternalConnections } from './failed-internal-connections.ts';
import { failedLogins } from './failed-logins.ts';
import { hostScan } from './host-scan.ts';
import { httpRequests } from './http-requests.ts';
import { incomingConnections } from './incoming-connections.ts';
import { internalConnections } from './internal-connections.ts';
import { internalDownload } from './internal-download.ts';
import { internalTransfer } from './internal-transfer.ts';
import { internalUpload } from './internal-upload.ts';
import { loginAttempts } from './login-attempts.ts';
import { modelBreaches } from './model-breaches.ts';
import { multicasts } from './multicasts.ts';
import { newCredentials } from './new-credentials.ts';
import { newDevice } from './new-device.ts';
import { newExternalEndpoints } from './new-external-endpoints.ts';
import { newInternalConnections } from './new-internal-connections.ts';
import { pingedHosts } from './pinged-hosts.ts';
import { portScan } from './port-scan.ts';
import { smbWrites } from './smb-writes.ts';
import { tlsConnections } from './tls-connections.ts';
import { uniqueExternalEndpoints } from './unique-external-endpoints.ts';
import { uniqueInternalDestinations } from './unique-internal-destinations.ts';

export const METRICS: readonly MetricDefinition[] = [
  connections,
  externalConnections,
  internalConnections,
  failedExternalConnections,
  failedInternalConnections,
  incomingConnections,
  externalUpload,
  externalDownload,
  internalDownload,
  internalUpload,
  internalTransfer,
  dataTransfer,
  connectedTime,
  uniqueInternalDestinations,
  uniqueExternalEndpoints,
  newExternalEndpoints,
  newInternalConnections,
  multicasts,
  dnsRequests,
  failedDnsRequests,
  dnsTunnel,
  tlsConnections,
  httpRequests,
  adminOperations,
  smbWrites,
  loginAttempts,
  failedLogins,
  newCredentials,
  hostScan,
  portScan,
  pingedHosts,
  newDevice,
  modelBreaches,
  distinctModelBreaches,
];
