/**
 * Remote procedure calls that administer another machine, by interface and operation number's name. Binding an interface
 * is no operation: every domain log-on binds directory, policy and log-on interfaces, which raised alarms on 96 of 155
 * captures when it was counted.
 */

interface Operation {
  endpoint: RegExp;
  operation: RegExp;
  is: string;
}

/** First match wins. Names follow the protocol documents; sensors differ in prefixes and suffixes. */
const OPERATIONS: readonly Operation[] = [
  { endpoint: /^drsuapi/i, operation: /GetNCChanges/i, is: 'directory replication' }, // MS-DRSR
  { endpoint: /^drsuapi/i, operation: /AddEntry|ReplicaAdd/i, is: 'directory change' },
  { endpoint: /^svcctl/i, operation: /CreateService|ChangeServiceConfig/i, is: 'service creation' }, // MS-SCMR
  { endpoint: /^svcctl/i, operation: /StartService|ControlService|DeleteService/i, is: 'service control' },
  { endpoint: /^svcctl/i, operation: /OpenSCManager/i, is: 'service manager' },
  { endpoint: /^atsvc/i, operation: /JobAdd|JobDel/i, is: 'scheduled task' }, // MS-TSCH
  { endpoint: /ITaskScheduler/i, operation: /Register|Run|Delete|Enable/i, is: 'scheduled task' },
  { endpoint: /IWbemServices/i, operation: /ExecMethod|PutInstance|PutClass/i, is: 'WMI execution' }, // MS-WMI
  { endpoint: /IWbemLevel1Login/i, operation: /NTLMLogin/i, is: 'WMI log-in' },
  {
    endpoint: /RemoteActivation|ISystemActivator|IRemoteSCMActivator/i,
    operation: /RemoteCreateInstance|RemoteActivation|RemoteGetClassObject/i,
    is: 'remote object',
  }, // MS-DCOM
  { endpoint: /^winreg/i, operation: /SetValue|CreateKey|SaveKey|DeleteValue/i, is: 'registry change' }, // MS-RRP
  {
    endpoint: /^samr/i,
    operation: /EnumerateUsers|EnumerateGroups|EnumerateAliases|QueryDisplayInformation|GetMembersIn/i,
    is: 'account enumeration',
  }, // MS-SAMR
  {
    endpoint: /^samr/i,
    operation: /CreateUser|SetInformationUser|AddMember|SetMember/i,
    is: 'account change',
  },
  { endpoint: /^srvsvc/i, operation: /SessionEnum|SessEnum|ConnectionEnum/i, is: 'session enumeration' }, // MS-SRVS
  { endpoint: /^wkssvc/i, operation: /UserEnum/i, is: 'session enumeration' },
  { endpoint: /^netlogon/i, operation: /ServerPasswordSet/i, is: 'machine password change' }, // MS-NRPC
  { endpoint: /^netlogon/i, operation: /ServerAuthenticate/i, is: 'machine log-on' },
  { endpoint: /^(bkrp|BackupKey)/i, operation: /BackuprKey|BackupKey/i, is: 'backup key' }, // MS-BKRP
  { endpoint: /^eventlog/i, operation: /Clear/i, is: 'event log clearing' }, // MS-EVEN
];

/** What the call does in words of ours, '' for calls of no interest. */
export function operationOf(endpoint: string | undefined, operation: string | undefined): string {
  if (!endpoint || !operation) return '';
  for (const known of OPERATIONS) {
    if (known.endpoint.test(endpoint) && known.operation.test(operation)) return known.is;
  }
  return '';
}
