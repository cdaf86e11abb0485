/** Packets in, from files and interfaces; log files in, as records. */
export { detectFileType, type FileType } from './files/detect-file-type.ts';
export { expandPaths } from './files/expand-paths.ts';
export { type ReadCapturesOptions, readCaptures } from './files/read-captures.ts';
export { firstTime } from './first-time.ts';
export {
  type CaptureInterfacesOptions,
  InterfaceCaptures,
  type InterfaceStats,
} from './live/capture-interfaces.ts';
export { type CaptureLiveOptions, captureLive, type LiveStats } from './live/capture-live.ts';
export { type FollowCounts, LogFollower, type LogPosition, type LogPositions } from './logs/follow-logs.ts';
export type { LogFault } from './logs/log-file.ts';
export { type LogProgress, type LogSummary, type ReadLogsOptions, readLogs } from './logs/read-logs.ts';
export { createRecordWriter, type RecordWriter, type RecordWriterOptions } from './logs/record-writer.ts';
export { type MirrorAddress, MirrorReceiver } from './mirror/mirror-receiver.ts';
export { type ReceiveFlowsOptions, receiveFlows } from './netflow/flow-receiver.ts';
export { type PacketKeys, PacketRing, SMALLEST_RING } from './ring/packet-ring.ts';
export { type RingQuery, readRing } from './ring/read-ring.ts';
export type * from './source.ts';
