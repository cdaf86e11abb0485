/** Remote procedures around files, printers and mail: MS-SRVS, MS-WKST, MS-RPRN, MS-PAR, MS-DFSNM, MS-EFSR, MS-FSRVP, MS-OXNSPI, MS-OXCRPC. */
import type { Interface } from './interface.ts';

/** The same procedures by the pipes efsrpc and lsarpc, MS-EFSR §2.1. */
const EFS = `EfsRpcOpenFileRaw EfsRpcReadFileRaw EfsRpcWriteFileRaw EfsRpcCloseRaw EfsRpcEncryptFileSrv
  EfsRpcDecryptFileSrv EfsRpcQueryUsersOnFile EfsRpcQueryRecoveryAgents EfsRpcRemoveUsersFromFile
  EfsRpcAddUsersToFile - EfsRpcNotSupported EfsRpcFileKeyInfo EfsRpcDuplicateEncryptionInfoFile -
  EfsRpcAddUsersToFileEx EfsRpcFileKeyInfoEx - EfsRpcGetEncryptedFileMetadata EfsRpcSetEncryptedFileMetadata
  EfsRpcFlushEfsCache EfsRpcEncryptFileExSrv EfsRpcQueryProtectors`;

export const SHARING: readonly Interface[] = [
  {
    uuid: '4b324fc8-1670-01d3-1278-5a47bf6ee188',
    endpoint: 'srvsvc',
    operations: `NetrCharDevEnum NetrCharDevGetInfo NetrCharDevControl NetrCharDevQEnum NetrCharDevQGetInfo
      NetrCharDevQSetInfo NetrCharDevQPurge NetrCharDevQPurgeSelf NetrConnectionEnum NetrFileEnum NetrFileGetInfo
      NetrFileClose NetrSessionEnum NetrSessionDel NetrShareAdd NetrShareEnum NetrShareGetInfo NetrShareSetInfo
      NetrShareDel NetrShareDelSticky NetrShareCheck NetrServerGetInfo NetrServerSetInfo NetrServerDiskEnum
      NetrServerStatisticsGet NetrServerTransportAdd NetrServerTransportEnum NetrServerTransportDel NetrRemoteTOD
      NetrServerSetServiceBits NetprPathType NetprPathCanonicalize NetprPathCompare NetprNameValidate
      NetprNameCanonicalize NetprNameCompare NetrShareEnumSticky NetrShareDelStart NetrShareDelCommit
      NetrpGetFileSecurity NetrpSetFileSecurity NetrServerTransportAddEx NetrServerSetServiceBitsEx
      NetrDfsGetVersion NetrDfsCreateLocalPartition NetrDfsDeleteLocalPartition NetrDfsSetLocalVolumeState
      NetrDfsSetServerInfo NetrDfsCreateExitPoint NetrDfsDeleteExitPoint NetrDfsModifyPrefix NetrDfsFixLocalVolume
      NetrDfsManagerReportSiteInfo NetrServerTransportDelEx - NetrServerAliasEnum NetrServerAliasDel
      NetrShareDelEx`,
  },
  {
    uuid: '6bffd098-a112-3610-9833-46c3f87e345a',
    endpoint: 'wkssvc',
    operations: `NetrWkstaGetInfo NetrWkstaSetInfo NetrWkstaUserEnum NetrWkstaUserGetInfo NetrWkstaUserSetInfo
      NetrWkstaTransportEnum NetrWkstaTransportAdd NetrWkstaTransportDel NetrUseAdd NetrUseGetInfo NetrUseDel
      NetrUseEnum NetrMessageBufferSend NetrWorkstationStatisticsGet NetrLogonDomainNameAdd NetrLogonDomainNameDel
      NetrJoinDomain NetrUnjoinDomain NetrValidateName NetrRenameMachineInDomain NetrGetJoinInformation
      NetrGetJoinableOUs NetrJoinDomain2 NetrUnjoinDomain2 NetrRenameMachineInDomain2 NetrValidateName2
      NetrGetJoinableOUs2 NetrAddAlternateComputerName NetrRemoveAlternateComputerName NetrSetPrimaryComputerName
      NetrEnumerateComputerNames NetrWorkstationResetDfsCache`,
  },
  {
    uuid: '6bffd098-a112-3610-9833-012892020162',
    endpoint: 'browser',
    operations: `BrowserrServerEnum BrowserrDebugCall BrowserrQueryOtherDomains BrowserrResetNetlogonState
      BrowserrDebugTrace BrowserrQueryStatistics BrowserrResetStatistics NetrBrowserStatisticsClear
      NetrBrowserStatisticsGet BrowserrSetNetlogonState BrowserrQueryEmulatedDomains BrowserrServerEnumEx`,
  },
  {
    uuid: '4fc742e0-4a10-11cf-8273-00aa004ae673',
    endpoint: 'netdfs',
    operations: `NetrDfsManagerGetVersion NetrDfsAdd NetrDfsRemove NetrDfsSetInfo NetrDfsGetInfo NetrDfsEnum
      NetrDfsRename NetrDfsMove NetrDfsManagerGetConfigInfo NetrDfsManagerSendSiteInfo NetrDfsAddFtRoot
      NetrDfsRemoveFtRoot NetrDfsAddStdRoot NetrDfsRemoveStdRoot NetrDfsManagerInitialize NetrDfsAddStdRootForced
      NetrDfsGetDcAddress NetrDfsSetDcAddress NetrDfsFlushFtTable NetrDfsAdd2 NetrDfsRemove2 NetrDfsEnumEx
      NetrDfsSetInfo2`,
  },
  { uuid: 'c681d488-d850-11d0-8c52-00c04fd90f7e', endpoint: 'efsrpc', operations: EFS },
  { uuid: 'df1941c5-fe89-4e79-bf10-463657acf44d', endpoint: 'efsrpc', operations: EFS },
  {
    uuid: 'a8e0653c-2744-4389-a61d-7373df8b2292',
    endpoint: 'FileServerVssAgent',
    operations: `GetSupportedVersion SetContext StartShadowCopySet AddToShadowCopySet CommitShadowCopySet
      ExposeShadowCopySet RecoveryCompleteShadowCopySet AbortShadowCopySet IsPathSupported IsPathShadowCopied
      GetShareMapping DeleteShareMapping PrepareShadowCopySet`,
  },
  {
    uuid: '12345678-1234-abcd-ef00-0123456789ab',
    endpoint: 'spoolss',
    operations: `RpcEnumPrinters RpcOpenPrinter RpcSetJob RpcGetJob RpcEnumJobs RpcAddPrinter RpcDeletePrinter
      RpcSetPrinter RpcGetPrinter RpcAddPrinterDriver RpcEnumPrinterDrivers RpcGetPrinterDriver
      RpcGetPrinterDriverDirectory RpcDeletePrinterDriver RpcAddPrintProcessor RpcEnumPrintProcessors
      RpcGetPrintProcessorDirectory RpcStartDocPrinter RpcStartPagePrinter RpcWritePrinter RpcEndPagePrinter
      RpcAbortPrinter RpcReadPrinter RpcEndDocPrinter RpcAddJob RpcScheduleJob RpcGetPrinterData RpcSetPrinterData
      RpcWaitForPrinterChange RpcClosePrinter RpcAddForm RpcDeleteForm RpcGetForm RpcSetForm RpcEnumForms
      RpcEnumPorts RpcEnumMonitors RpcAddPort RpcConfigurePort RpcDeletePort RpcCreatePrinterIC
      RpcPlayGdiScriptOnPrinterIC RpcDeletePrinterIC RpcAddPrinterConnection RpcDeletePrinterConnection
      RpcPrinterMessageBox RpcAddMonitor RpcDeleteMonitor RpcDeletePrintProcessor RpcAddPrintProvidor
      RpcDeletePrintProvidor RpcEnumPrintProcessorDatatypes RpcResetPrinter RpcGetPrinterDriver2
      RpcClientFindFirstPrinterChangeNotification RpcFindNextPrinterChangeNotification
      RpcFindClosePrinterChangeNotification RpcRouterFindFirstPrinterChangeNotificationOld RpcReplyOpenPrinter
      RpcRouterReplyPrinter RpcReplyClosePrinter RpcAddPortEx RpcRemoteFindFirstPrinterChangeNotification
      RpcSpoolerInit RpcResetPrinterEx RpcRemoteFindFirstPrinterChangeNotificationEx RpcRouterReplyPrinterEx
      RpcRouterRefreshPrinterChangeNotification RpcSetAllocFailCount RpcSplOpenPrinter RpcAddPrinterEx RpcSetPort
      RpcEnumPrinterData RpcDeletePrinterData RpcClusterSplOpen RpcClusterSplClose RpcClusterSplIsAlive
      RpcSetPrinterDataEx RpcGetPrinterDataEx RpcEnumPrinterDataEx RpcEnumPrinterKey RpcDeletePrinterDataEx
      RpcDeletePrinterKey RpcSeekPrinter RpcDeletePrinterDriverEx RpcAddPerMachineConnection
      RpcDeletePerMachineConnection RpcEnumPerMachineConnections RpcXcvData RpcAddPrinterDriverEx RpcSplOpenPrinter
      RpcGetSpoolFileInfo RpcCommitSpoolData RpcCloseSpoolFileHandle RpcFlushPrinter RpcSendRecvBidiData
      RpcAddDriverCatalog RpcAddPrinterConnection2 RpcDeletePrinterConnection2 RpcInstallPrinterDriverFromPackage
      RpcUploadPrinterDriverPackage RpcGetCorePrinterDrivers RpcCorePrinterDriverInstalled
      RpcGetPrinterDriverPackagePath RpcReportJobProcessingProgress`,
  },
  {
    uuid: '76f03f96-cdfd-44fc-a22c-64950a001209',
    endpoint: 'IRemoteWinspool',
    operations: `RpcAsyncOpenPrinter RpcAsyncAddPrinter RpcAsyncSetJob RpcAsyncGetJob RpcAsyncEnumJobs
      RpcAsyncAddJob RpcAsyncScheduleJob RpcAsyncDeletePrinter RpcAsyncSetPrinter RpcAsyncGetPrinter
      RpcAsyncStartDocPrinter RpcAsyncStartPagePrinter RpcAsyncWritePrinter RpcAsyncEndPagePrinter
      RpcAsyncEndDocPrinter RpcAsyncAbortPrinter RpcAsyncGetPrinterData RpcAsyncGetPrinterDataEx
      RpcAsyncSetPrinterData RpcAsyncSetPrinterDataEx RpcAsyncClosePrinter RpcAsyncAddForm RpcAsyncDeleteForm
      RpcAsyncGetForm RpcAsyncSetForm RpcAsyncEnumForms RpcAsyncGetPrinterDriver RpcAsyncEnumPrinterData
      RpcAsyncEnumPrinterDataEx RpcAsyncEnumPrinterKey RpcAsyncDeletePrinterData RpcAsyncDeletePrinterDataEx
      RpcAsyncDeletePrinterKey RpcAsyncXcvData RpcAsyncSendRecvBidiData RpcAsyncCreatePrinterIC
      RpcAsyncPlayGdiScriptOnPrinterIC RpcAsyncDeletePrinterIC RpcAsyncEnumPrinters RpcAsyncAddPrinterDriver
      RpcAsyncEnumPrinterDrivers RpcAsyncGetPrinterDriverDirectory RpcAsyncDeletePrinterDriver
      RpcAsyncDeletePrinterDriverEx RpcAsyncAddPrintProcessor RpcAsyncEnumPrintProcessors
      RpcAsyncGetPrintProcessorDirectory RpcAsyncEnumPorts RpcAsyncEnumMonitors RpcAsyncAddPort RpcAsyncSetPort
      RpcAsyncAddMonitor RpcAsyncDeleteMonitor RpcAsyncDeletePrintProcessor RpcAsyncEnumPrintProcessorDatatypes
      RpcAsyncAddPerMachineConnection RpcAsyncDeletePerMachineConnection RpcAsyncEnumPerMachineConnections
      RpcSyncRegisterForRemoteNotifications RpcSyncUnRegisterForRemoteNotifications
      RpcSyncRefreshRemoteNotifications RpcAsyncGetRemoteNotifications RpcAsyncInstallPrinterDriverFromPackage
      RpcAsyncUploadPrinterDriverPackage RpcAsyncGetCorePrinterDrivers RpcAsyncCorePrinterDriverInstalled
      RpcAsyncGetPrinterDriverPackagePath RpcAsyncDeletePrinterDriverPackage RpcAsyncReadPrinter
      RpcAsyncResetPrinter RpcAsyncGetJobNamedPropertyValue RpcAsyncSetJobNamedProperty
      RpcAsyncDeleteJobNamedProperty RpcAsyncEnumJobNamedProperties RpcAsyncLogJobInfoForBranchOffice`,
  },
  {
    uuid: 'f5cc5a18-4264-101a-8c59-08002b2f8426',
    endpoint: 'nspi',
    operations: `NspiBind NspiUnbind NspiUpdateStat NspiQueryRows NspiSeekEntries NspiGetMatches
      NspiResortRestriction NspiDNToEph NspiGetPropList NspiGetProps`,
  },
  {
    uuid: 'a4f1db00-ca47-1067-b31f-00dd010662da',
    endpoint: 'exchange_mapi',
    operations: `EcDoConnect EcDoDisconnect EcDoRpc EcGetMoreRpc EcRRegisterPushNotification
      EcRUnregisterPushNotification EcDummyRpc EcRGetDCName EcRNetGetDCName EcDoRpcExt EcDoConnectEx EcDoRpcExt2
      EcUnknown0xC EcUnknown0xD EcDoAsyncConnectEx`,
  },
  { uuid: '1544f5e0-613c-11d1-93df-00c04fd7bd09', endpoint: 'exchange_rfr' },
  { uuid: '5261574a-4572-206e-b268-6b199213b4e4', endpoint: 'AsyncEMSMDB' },
];
