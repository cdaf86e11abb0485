/** All routes, in the order in which docs/api.md lists them. To add one: its file and one line here. */
import type { Route } from '../route.ts';
import {
  advancedSearch,
  advancedSearchAnalyze,
  advancedSearchGraph,
  advancedSearchPost,
} from './advancedsearch.ts';
import { addComment, comments, mbcomments } from './comments.ts';
import { details } from './details.ts';
import { devices, editDevice, subnets } from './devices.ts';
import { metricByMlid, metricdata, metrics } from './metrics.ts';
import { acknowledgeBreach, modelbreach, modelbreaches, unacknowledgeBreach } from './modelbreaches.ts';
import { componentByCid, components, modelByPid, models } from './models.ts';
import { status, summarystatistics } from './status.ts';
import { about } from './ui-about.ts';
import { explainBreach, uiMetricData } from './ui-breaches.ts';
import { uiDeviceByDid, uiDevices } from './ui-devices.ts';
import { events } from './ui-events.ts';
import { cancelJob, jobs, startJob } from './ui-jobs.ts';
import { uiFields, uiHistogram, uiSearch, uiTerms } from './ui-search.ts';
import { changePassword, login, logout, session } from './ui-session.ts';
import { addUser, createToken, resetUser, revokeToken, tokens, users } from './ui-users.ts';

export * from './advancedsearch.ts';
export * from './comments.ts';
export * from './details.ts';
export * from './devices.ts';
export * from './metrics.ts';
export * from './modelbreaches.ts';
export * from './models.ts';
export * from './status.ts';
export * from './ui-about.ts';
export * from './ui-breaches.ts';
export * from './ui-devices.ts';
export * from './ui-events.ts';
export * from './ui-jobs.ts';
export * from './ui-search.ts';
export * from './ui-session.ts';
export * from './ui-users.ts';

export const ROUTES: readonly Route[] = [
  modelbreaches,
  modelbreach,
  acknowledgeBreach,
  unacknowledgeBreach,
  comments,
  addComment,
  mbcomments,
  devices,
  editDevice,
  subnets,
  details,
  models,
  modelByPid,
  components,
  componentByCid,
  metrics,
  metricByMlid,
  metricdata,
  summarystatistics,
  status,
  advancedSearch,
  advancedSearchPost,
  advancedSearchAnalyze,
  advancedSearchGraph,
  login,
  logout,
  session,
  changePassword,
  events,
  explainBreach,
  uiMetricData,
  uiDevices,
  uiDeviceByDid,
  uiSearch,
  uiHistogram,
  uiFields,
  uiTerms,
  users,
  addUser,
  resetUser,
  tokens,
  createToken,
  revokeToken,
  jobs,
  startJob,
  cancelJob,
  about,
];
