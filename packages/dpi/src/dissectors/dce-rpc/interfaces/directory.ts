/** Remote procedures around accounts and domains: MS-SAMR, MS-LSAD, MS-LSAT, MS-NRPC, MS-DRSR, MS-DSSP, MS-BKRP, MS-DNSP. */
import type { Interface } from './interface.ts';

export const DIRECTORY: readonly Interface[] = [
  {
    uuid: '12345778-1234-abcd-ef00-0123456789ac',
    endpoint: 'samr',
    operations: `SamrConnect SamrCloseHandle SamrSetSecurityObject SamrQuerySecurityObject SamrShutdownSamServer
      SamrLookupDomainInSamServer SamrEnumerateDomainsInSamServer SamrOpenDomain SamrQueryInformationDomain
      SamrSetInformationDomain SamrCreateGroupInDomain SamrEnumerateGroupsInDomain SamrCreateUserInDomain
      SamrEnumerateUsersInDomain SamrCreateAliasInDomain SamrEnumerateAliasesInDomain SamrGetAliasMembership
      SamrLookupNamesInDomain SamrLookupIdsInDomain SamrOpenGroup SamrQueryInformationGroup SamrSetInformationGroup
      SamrAddMemberToGroup SamrDeleteGroup SamrRemoveMemberFromGroup SamrGetMembersInGroup
      SamrSetMemberAttributesOfGroup SamrOpenAlias SamrQueryInformationAlias SamrSetInformationAlias SamrDeleteAlias
      SamrAddMemberToAlias SamrRemoveMemberFromAlias SamrGetMembersInAlias SamrOpenUser SamrDeleteUser
      SamrQueryInformationUser SamrSetInformationUser SamrChangePasswordUser SamrGetGroupsForUser
      SamrQueryDisplayInformation SamrGetDisplayEnumerationIndex SamrTestPrivateFunctionsDomain
      SamrTestPrivateFunctionsUser SamrGetUserDomainPasswordInformation SamrRemoveMemberFromForeignDomain
      SamrQueryInformationDomain2 SamrQueryInformationUser2 SamrQueryDisplayInformation2
      SamrGetDisplayEnumerationIndex2 SamrCreateUser2InDomain SamrQueryDisplayInformation3
      SamrAddMultipleMembersToAlias SamrRemoveMultipleMembersFromAlias SamrOemChangePasswordUser2
      SamrUnicodeChangePasswordUser2 SamrGetDomainPasswordInformation SamrConnect2 SamrSetInformationUser2
      SamrSetBootKeyInformation SamrGetBootKeyInformation SamrConnect3 SamrConnect4 SamrUnicodeChangePasswordUser3
      SamrConnect5 SamrRidToSid SamrSetDSRMPassword SamrValidatePassword SamrQueryLocalizableAccountsInDomain
      SamrPerformGenericOperation`,
  },
  {
    uuid: '12345778-1234-abcd-ef00-0123456789ab',
    endpoint: 'lsarpc',
    operations: `LsarClose LsarDelete LsarEnumeratePrivileges LsarQuerySecurityObject LsarSetSecurityObject
      LsarChangePassword LsarOpenPolicy LsarQueryInformationPolicy LsarSetInformationPolicy LsarClearAuditLog
      LsarCreateAccount LsarEnumerateAccounts LsarCreateTrustedDomain LsarEnumerateTrustedDomains LsarLookupNames
      LsarLookupSids LsarCreateSecret LsarOpenAccount LsarEnumeratePrivilegesAccount LsarAddPrivilegesToAccount
      LsarRemovePrivilegesFromAccount LsarGetQuotasForAccount LsarSetQuotasForAccount LsarGetSystemAccessAccount
      LsarSetSystemAccessAccount LsarOpenTrustedDomain LsarQueryInfoTrustedDomain LsarSetInformationTrustedDomain
      LsarOpenSecret LsarSetSecret LsarQuerySecret LsarLookupPrivilegeValue LsarLookupPrivilegeName
      LsarLookupPrivilegeDisplayName LsarDeleteObject LsarEnumerateAccountsWithUserRight LsarEnumerateAccountRights
      LsarAddAccountRights LsarRemoveAccountRights LsarQueryTrustedDomainInfo LsarSetTrustedDomainInfo
      LsarDeleteTrustedDomain LsarStorePrivateData LsarRetrievePrivateData LsarOpenPolicy2 LsarGetUserName
      LsarQueryInformationPolicy2 LsarSetInformationPolicy2 LsarQueryTrustedDomainInfoByName
      LsarSetTrustedDomainInfoByName LsarEnumerateTrustedDomainsEx LsarCreateTrustedDomainEx LsarCloseTrustedDomainEx
      LsarQueryDomainInformationPolicy LsarSetDomainInformationPolicy LsarOpenTrustedDomainByName LsarTestCall
      LsarLookupSids2 LsarLookupNames2 LsarCreateTrustedDomainEx2 CredrWrite CredrRead CredrEnumerate
      CredrWriteDomainCredentials CredrReadDomainCredentials CredrDelete CredrGetTargetInfo CredrProfileLoaded
      LsarLookupNames3 CredrGetSessionTypes LsarRegisterAuditEvent LsarGenAuditEvent LsarUnregisterAuditEvent
      LsarQueryForestTrustInformation LsarSetForestTrustInformation CredrRename LsarLookupSids3 LsarLookupNames4
      LsarOpenPolicySce LsarAdtRegisterSecurityEventSource LsarAdtUnregisterSecurityEventSource
      LsarAdtReportSecurityEvent CredrFindBestCredential LsarSetAuditPolicy LsarQueryAuditPolicy
      LsarEnumerateAuditPolicy LsarEnumerateAuditCategories LsarEnumerateAuditSubCategories
      LsarLookupAuditCategoryName LsarLookupAuditSubCategoryName LsarSetAuditSecurity LsarQueryAuditSecurity
      CredReadByTokenHandle CredrRestoreCredentials CredrBackupCredentials`,
  },
  {
    uuid: '12345678-1234-abcd-ef00-01234567cffb',
    endpoint: 'netlogon',
    operations: `NetrLogonUasLogon NetrLogonUasLogoff NetrLogonSamLogon NetrLogonSamLogoff NetrServerReqChallenge
      NetrServerAuthenticate NetrServerPasswordSet NetrDatabaseDeltas NetrDatabaseSync NetrAccountDeltas
      NetrAccountSync NetrGetDCName NetrLogonControl NetrGetAnyDCName NetrLogonControl2 NetrServerAuthenticate2
      NetrDatabaseSync2 NetrDatabaseRedo NetrLogonControl2Ex NetrEnumerateTrustedDomains DsrGetDcName
      NetrLogonGetCapabilities NetrLogonSetServiceBits NetrLogonGetTrustRid NetrLogonComputeServerDigest
      NetrLogonComputeClientDigest NetrServerAuthenticate3 DsrGetDcNameEx DsrGetSiteName NetrLogonGetDomainInfo
      NetrServerPasswordSet2 NetrServerPasswordGet NetrLogonSendToSam DsrAddressToSiteNamesW DsrGetDcNameEx2
      NetrLogonGetTimeServiceParentDomain NetrEnumerateTrustedDomainsEx DsrAddressToSiteNamesExW
      DsrGetDcSiteCoverageW NetrLogonSamLogonEx DsrEnumerateDomainTrusts DsrDeregisterDnsHostRecords
      NetrServerTrustPasswordsGet DsrGetForestTrustInformation NetrGetForestTrustInformation
      NetrLogonSamLogonWithFlags NetrServerGetTrustInfo unused DsrUpdateReadOnlyServerDnsRecords
      NetrChainSetClientAttributes`,
  },
  {
    uuid: 'e3514235-4b06-11d1-ab04-00c04fc2dcd2',
    endpoint: 'drsuapi',
    operations: `DRSBind DRSUnbind DRSReplicaSync DRSGetNCChanges DRSUpdateRefs DRSReplicaAdd DRSReplicaDel
      DRSReplicaModify DRSVerifyNames DRSGetMemberships DRSInterDomainMove DRSGetNT4ChangeLog DRSCrackNames
      DRSWriteSPN DRSRemoveDsServer DRSRemoveDsDomain DRSDomainControllerInfo DRSAddEntry DRSExecuteKCC
      DRSGetReplInfo DRSAddSidHistory DRSGetMemberships2 DRSReplicaVerifyObjects DRSGetObjectExistence
      DRSQuerySitesByCost DRSInitDemotion DRSReplicaDemotion DRSFinishDemotion DRSAddCloneDC
      DRSWriteNgcKey DRSReadNgcKey`,
  },
  {
    uuid: '3919286a-b10c-11d0-9ba8-00c04fd92ef5',
    endpoint: 'dssetup',
    operations: `DsRolerGetPrimaryDomainInformation DsRolerDnsNameToFlatName DsRolerDcAsDc DsRolerDcAsReplica
      DsRolerDemoteDc DsRolerGetDcOperationProgress DsRolerGetDcOperationResults DsRolerCancel
      DsRolerServerSaveStateForUpgrade DsRolerUpgradeDownlevelServer DsRolerAbortDownlevelServerUpgrade`,
  },
  { uuid: '3dde7c30-165d-11d1-ab8f-00805f14db40', endpoint: 'BackupKey', operations: 'bkrp_BackupKey' },
  {
    uuid: '50abc2a4-574d-40b3-9d66-ee4fd5fba076',
    endpoint: 'dnsserver',
    operations: `DnssrvOperation DnssrvQuery DnssrvComplexOperation DnssrvEnumRecords DnssrvUpdateRecord
      DnssrvOperation2 DnssrvQuery2 DnssrvComplexOperation2 DnssrvEnumRecords2 DnssrvUpdateRecord2`,
  },
  {
    uuid: 'f5cc59b4-4264-101a-8c59-08002b2f8426',
    endpoint: 'FrsRpc',
    operations: `FrsRpcSendCommPkt FrsRpcVerifyPromotionParent FrsRpcStartPromotionParent FrsNOP FrsBackupComplete
      FrsBackupComplete FrsBackupComplete FrsBackupComplete FrsBackupComplete FrsBackupComplete
      FrsRpcVerifyPromotionParentEx`,
  },
  { uuid: '91ae6020-9e3c-11cf-8d7c-00aa00c091be', endpoint: 'ICertPassage', operations: 'CertServerRequest' },
];
