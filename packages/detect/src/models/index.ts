/** All models, in the order in which the API lists them. To add one: its file and one line here. */
import type { Model } from '../model.ts';
import { dataToRareDomain } from './anomalous-connection/data-to-rare-domain.ts';
import { failedToRareEndpoint } from './anomalous-connection/failed-to-rare-endpoint.ts';
import { uncommonGigabyteOutbound } from './anomalous-connection/gigabyte-outbound.ts';
import { loginBruteForce } from './anomalous-connection/login-brute-force.ts';
import { newExternalPort } from './anomalous-connection/new-external-port.ts';
import { remoteDesktop } from './anomalous-connection/remote-desktop.ts';
import { remoteExecution } from './anomalous-connection/remote-execution.ts';
import { remoteManagement } from './anomalous-connection/remote-management.ts';
import { selfSigned } from './anomalous-connection/self-signed.ts';
import { serviceControl } from './anomalous-connection/service-control.ts';
import { sustainedToRarePort } from './anomalous-connection/sustained-to-rare-port.ts';
import { unusualIncomingVolume } from './anomalous-connection/unusual-incoming-volume.ts';
import { unusualInternalConnections } from './anomalous-connection/unusual-internal-connections.ts';
import { programOverAdminShare } from './anomalous-file/program-over-admin-share.ts';
import { externalWindows } from './compliance/external-windows.ts';
import { sshToRare } from './compliance/ssh-to-rare.ts';
import { beaconing } from './compromise/beaconing.ts';
import { dnsTunnel } from './compromise/dns-tunnel.ts';
import { generatedNames } from './compromise/generated-names.ts';
import { manySuccessfulConnections } from './compromise/many-successful-connections.ts';
import { slowBeaconing } from './compromise/slow-beaconing.ts';
import { accountEnumeration } from './device/account-enumeration.ts';
import { directoryReplication } from './device/directory-replication.ts';
import { gigabyteOutbound } from './device/gigabyte-outbound.ts';
import { hiddenShareWrites } from './device/hidden-share-writes.ts';
import { increasedExternalConnectivity } from './device/increased-external-connectivity.ts';
import { machineLogOnFlood } from './device/machine-log-on-flood.ts';
import { manyModelAlerts } from './device/many-model-alerts.ts';
import { multipleLateralMovement } from './device/multiple-lateral-movement.ts';
import { networkScan } from './device/network-scan.ts';
import { newDevice } from './device/new-device.ts';
import { portScan } from './device/port-scan.ts';
import { scheduledTask } from './device/scheduled-task.ts';
import { smbLateralMovement } from './device/smb-lateral-movement.ts';
import { externalActivity } from './unusual-activity/external-activity.ts';
import { externalDataTransfer } from './unusual-activity/external-data-transfer.ts';
import { failedConnections } from './unusual-activity/failed-connections.ts';
import { internalDataTransfer } from './unusual-activity/internal-data-transfer.ts';
import { failedLogins } from './user/failed-logins.ts';
import { uncommonNewCredentials } from './user/uncommon-new-credentials.ts';

export const MODELS: readonly Model[] = [
  dataToRareDomain,
  failedToRareEndpoint,
  uncommonGigabyteOutbound,
  loginBruteForce,
  newExternalPort,
  remoteDesktop,
  remoteExecution,
  remoteManagement,
  selfSigned,
  serviceControl,
  sustainedToRarePort,
  unusualIncomingVolume,
  unusualInternalConnections,
  programOverAdminShare,
  externalWindows,
  sshToRare,
  beaconing,
  dnsTunnel,
  generatedNames,
  manySuccessfulConnections,
  slowBeaconing,
  accountEnumeration,
  directoryReplication,
  gigabyteOutbound,
  hiddenShareWrites,
  increasedExternalConnectivity,
  machineLogOnFlood,
  manyModelAlerts,
  multipleLateralMovement,
  networkScan,
  newDevice,
  portScan,
  scheduledTask,
  smbLateralMovement,
  externalActivity,
  externalDataTransfer,
  failedConnections,
  internalDataTransfer,
  failedLogins,
  uncommonNewCredentials,
];
