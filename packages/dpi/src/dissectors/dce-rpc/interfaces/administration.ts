/** Remote procedures that administer machines: MS-SCMR, MS-TSCH, MS-RRP, MS-RSP, MS-EVEN, MS-WMI, MS-DCOM. */
import type { Interface } from './interface.ts';

export const ADMINISTRATION: readonly Interface[] = [
  {
    uuid: '367abb81-9844-35f1-ad32-98f038001003',
    endpoint: 'svcctl',
    operations: `CloseServiceHandle ControlService DeleteService LockServiceDatabase QueryServiceObjectSecurity
      SetServiceObjectSecurity QueryServiceStatus SetServiceStatus UnlockServiceDatabase NotifyBootConfigStatus
      ScSetServiceBitsW ChangeServiceConfigW CreateServiceW EnumDependentServicesW EnumServicesStatusW OpenSCManagerW
      OpenServiceW QueryServiceConfigW QueryServiceLockStatusW StartServiceW GetServiceDisplayNameW
      GetServiceKeyNameW ScSetServiceBitsA ChangeServiceConfigA CreateServiceA EnumDependentServicesA
      EnumServicesStatusA OpenSCManagerA OpenServiceA QueryServiceConfigA QueryServiceLockStatusA StartServiceA
      GetServiceDisplayNameA GetServiceKeyNameA ScGetCurrentGroupStateW EnumServiceGroupW ChangeServiceConfig2A
      ChangeServiceConfig2W QueryServiceConfig2A QueryServiceConfig2W QueryServiceStatusEx EnumServicesStatusExA
      EnumServicesStatusExW ScSendTSMessage CreateServiceWOW64A CreateServiceWOW64W ScQueryServiceTagInfo
      NotifyServiceStatusChange GetNotifyResult CloseNotifyHandle ControlServiceExA ControlServiceExW
      ScSendPnPMessage ScValidatePnPService ScOpenServiceStatusHandle`,
  },
  {
    uuid: '86d35949-83c9-4044-b424-db363231fd0c',
    endpoint: 'ITaskSchedulerService',
    operations: `SchRpcHighestVersion SchRpcRegisterTask SchRpcRetrieveTask SchRpcCreateFolder SchRpcSetSecurity
      SchRpcGetSecurity SchRpcEnumFolder SchRpcEnumTasks SchRpcEnumInstances SchRpcGetInstanceInfo SchRpcStopInstance
      SchRpcStop SchRpcRun SchRpcDelete SchRpcRename SchRpcScheduledRuntimes SchRpcGetLastRunInfo SchRpcGetTaskInfo
      SchRpcGetNumberOfMissedRuns SchRpcEnableTask`,
  },
  {
    uuid: '1ff70682-0a51-30e8-076d-740be8cee98b',
    endpoint: 'atsvc',
    operations: 'NetrJobAdd NetrJobDel NetrJobEnum NetrJobGetInfo',
  },
  {
    uuid: '378e52b0-c0a9-11cf-822d-00aa0051e40f',
    endpoint: 'sasec',
    operations: `SASetAccountInformation SASetNSAccountInformation SAGetNSAccountInformation
      SAGetAccountInformation`,
  },
  {
    uuid: '338cd001-2244-31f1-aaaa-900038001003',
    endpoint: 'winreg',
    operations: `OpenClassesRoot OpenCurrentUser OpenLocalMachine OpenPerformanceData OpenUsers BaseRegCloseKey
      BaseRegCreateKey BaseRegDeleteKey BaseRegDeleteValue BaseRegEnumKey BaseRegEnumValue BaseRegFlushKey
      BaseRegGetKeySecurity BaseRegLoadKey BaseRegNotifyChangeKeyValue BaseRegOpenKey BaseRegQueryInfoKey
      BaseRegQueryValue BaseRegReplaceKey BaseRegRestoreKey BaseRegSaveKey BaseRegSetKeySecurity BaseRegSetValue
      BaseRegUnLoadKey BaseInitiateSystemShutdown BaseAbortSystemShutdown BaseRegGetVersion OpenCurrentConfig
      OpenDynData BaseRegQueryMultipleValues BaseInitiateSystemShutdownEx BaseRegSaveKeyEx OpenPerformanceText
      OpenPerformanceNlsText BaseRegQueryMultipleValues2 BaseRegDeleteKeyEx`,
  },
  {
    uuid: '82273fdc-e32a-18c3-3f78-827929dc23ea',
    endpoint: 'eventlog',
    operations: `ElfrClearELFW ElfrBackupELFW ElfrCloseEL ElfrDeregisterEventSource ElfrNumberOfRecords
      ElfrOldestRecord ElfrChangeNotify ElfrOpenELW ElfrRegisterEventSourceW ElfrOpenBELW ElfrReadELW
      ElfrReportEventW ElfrClearELFA ElfrBackupELFA ElfrOpenELA ElfrRegisterEventSourceA ElfrOpenBELA ElfrReadELA
      ElfrReportEventA ElfrRegisterClusterSvc ElfrDeregisterClusterSvc ElfrWriteClusterEvents ElfrGetLogInformation
      ElfrFlushEL ElfrReportEventAndSourceW`,
  },
  {
    uuid: 'f6beaff7-1e19-4fbb-9f8f-b89e2018337c',
    endpoint: 'IEventService',
    operations: `EvtRpcRegisterRemoteSubscription EvtRpcRemoteSubscriptionNextAsync EvtRpcRemoteSubscriptionNext
      EvtRpcRemoteSubscriptionWaitAsync EvtRpcRegisterControllableOperation EvtRpcRegisterLogQuery EvtRpcClearLog
      EvtRpcExportLog EvtRpcLocalizeExportLog EvtRpcMessageRender EvtRpcMessageRenderDefault EvtRpcQueryNext
      EvtRpcQuerySeek EvtRpcClose EvtRpcCancel EvtRpcAssertConfig EvtRpcRetractConfig EvtRpcOpenLogHandle
      EvtRpcGetLogFileInfo EvtRpcGetChannelList EvtRpcGetChannelConfig EvtRpcPutChannelConfig
      EvtRpcGetPublisherList EvtRpcGetPublisherListForChannel EvtRpcGetPublisherMetadata
      EvtRpcGetPublisherResourceMetadata EvtRpcGetEventMetadataEnum EvtRpcGetNextEventMetadata
      EvtRpcGetClassicLogDisplayName`,
  },
  {
    uuid: '894de0c0-0d55-11d3-a322-00c04fa321a1',
    endpoint: 'InitShutdown',
    operations: 'BaseInitiateShutdown BaseAbortShutdown BaseInitiateShutdownEx',
  },
  {
    uuid: 'd95afe70-a6d5-4259-822e-2c84da1ddb0d',
    endpoint: 'WindowsShutdown',
    operations: 'WsdrInitiateShutdown WsdrAbortShutdown',
  },
  {
    uuid: '12b81e99-f207-4a4c-85d3-77b42f76fd14',
    endpoint: 'ISeclogon',
    operations: 'SeclCreateProcessWithLogonW SeclCreateProcessWithLogonExW',
  },
  {
    uuid: '9556dc99-828c-11cf-a37e-00aa003240c7',
    endpoint: 'IWbemServices',
    // The first three belong to the object, not to the interface.
    operations: `- - - OpenNamespace CancelAsyncCall QueryObjectSink GetObject GetObjectAsync PutClass PutClassAsync
      DeleteClass DeleteClassAsync CreateClassEnum CreateClassEnumAsync PutInstance PutInstanceAsync DeleteClass
      DeleteClassAsync CreateInstanceEnum CreateInstanceEnumAsync ExecQuery ExecQueryAsync ExecNotificationQuery
      ExecNotificationQueryAsync ExecMethod ExecMethodAsync`,
  },
  {
    uuid: 'f309ad18-d86a-11d0-a075-00c04fb68820',
    endpoint: 'IWbemLevel1Login',
    operations: '- - - EstablishPosition RequestChallenge WBEMLogin NTLMLogin',
  },
  { uuid: 'd4781cd6-e5d3-44df-ad94-930efe48a887', endpoint: 'IWbemLoginClientID' },
  { uuid: '44aca674-e8fc-11d0-a07c-00c04fb68820', endpoint: 'IWbemContext interface' },
  { uuid: 'dc12a681-737f-11cf-884d-00aa004b2e24', endpoint: 'IWbemClassObject interface' },
  { uuid: '7c857801-7381-11cf-884d-00aa004b2e24', endpoint: 'IWbemObjectSink interface' },
  { uuid: '027947e1-d731-11ce-a357-000000000001', endpoint: 'IEnumWbemClassObject interface' },
  { uuid: '44aca675-e8fc-11d0-a07c-00c04fb68820', endpoint: 'IWbemCallResult interface' },
  { uuid: 'c49e32c7-bc8b-11d2-85d4-00105a1f8304', endpoint: 'IWbemBackupRestore interface' },
  { uuid: 'a359dec5-e813-4834-8a2a-ba7f1d777d76', endpoint: 'IWbemBackupRestoreEx interface' },
  { uuid: 'f1e9c5b2-f59b-11d2-b362-00105a1f8177', endpoint: 'IWbemRemoteRefresher interface' },
  { uuid: '2c9273e0-1dc3-11d3-b364-00105a1f8177', endpoint: 'IWbemRefreshingServices interface' },
  { uuid: '423ec01e-2e35-11d2-b604-00104b703efd', endpoint: 'IWbemWCOSmartEnum interface' },
  { uuid: '1c1c45ee-4395-11d2-b60b-00104b703efd', endpoint: 'IWbemFetchSmartEnum interface' },
  { uuid: '541679ab-2e5f-11d3-b34e-00104bcc4b4a', endpoint: 'IWbemLoginHelper interface' },
  {
    uuid: '99fcfec4-5260-101b-bbcb-00aa0021347a',
    endpoint: 'IObjectExporter',
    operations: 'ResolveOxid SimplePing ComplexPing ServerAlive ResolveOxid2 ServerAlive2',
  },
  { uuid: '4d9f4ab8-7d1c-11cf-861e-0020af6e7c57', endpoint: 'IActivation', operations: 'RemoteActivation' },
  {
    uuid: '000001a0-0000-0000-c000-000000000046',
    endpoint: 'IRemoteSCMActivator',
    operations: `QueryInterfaceIRemoteSCMActivator AddRefIRemoteISCMActivator ReleaseIRemoteISCMActivator
      RemoteGetClassObject RemoteCreateInstance`,
  },
  {
    uuid: '00000143-0000-0000-c000-000000000046',
    endpoint: 'IRemUnknown2',
    operations: `QueryInterface AddRef Release RemQueryInterface RemAddRef RemRelease RemQueryInterface2`,
  },
  {
    uuid: 'e1af8308-5d1f-11c9-91a4-08002b14a0fa',
    endpoint: 'epmapper',
    operations: `ept_insert ept_delete ept_lookup ept_map ept_lookup_handle_free ept_inq_object ept_mgmt_delete
      ept_map_auth ept_map_auth_async`,
  },
  {
    uuid: 'afa8bd80-7d8a-11c9-bef4-08002b102989',
    endpoint: 'mgmt',
    operations: 'inq_if_ids inq_stats is_server_listening stop_server_listening inq_princ_name',
  },
];
