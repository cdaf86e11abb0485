/** How the appliance is, and what the network looks like from above. */
import Type from 'typebox';
import { flag, responsedata, textTime, time } from '../parameters.ts';
import type { Route } from '../route.ts';

const bits = Type.Number({ description: 'bit/s' });
const share = Type.Number({ description: 'percent' });

export const status = {
  method: 'GET',
  path: '/status',
  doc: 'Versions, load, traffic and population.',
  permission: 'status',
  query: Type.Object({
    includechildren: Type.Optional(flag('With probes, as by default')),
    fast: Type.Optional(flag('Without figures about subnets')),
    format: Type.Optional(Type.String()),
    responsedata,
  }),
  reply: Type.Object(
    {
      time: Type.String(),
      installed: Type.String(),
      version: Type.String(),
      hostname: Type.String(),
      label: Type.String(),
      uuid: Type.String(),
      type: Type.String(),
      inoculation: Type.Boolean({ description: 'Still learning' }),
      uptime: Type.String({ description: 'Of the server, hh:mm:ss' }),
      systemuptime: Type.String({ description: 'Of the machine, hh:mm:ss' }),
      diskUtilization: share,
      diskSpaceUsed_: share,
      load: share,
      cpu: share,
      memoryUsed: share,
      dataQueue: Type.Integer({ description: 'Rows that wait to be learned' }),
      bandwidthCurrent: bits,
      bandwidthCurrentString: Type.String(),
      bandwidthAverage: bits,
      bandwidthAverageString: Type.String(),
      connectionsPerMinuteCurrent: Type.Number(),
      connectionsPerMinuteAverage: Type.Number(),
      newestRecord: Type.String({ description: 'UTC text, or "Never"' }),
      models: Type.Integer(),
      modelsBreached: Type.Integer(),
      modelsSuppressed: Type.Integer(),
      devicesModeled: Type.Integer(),
      activeDevices4Weeks: Type.Integer(),
      activeDevices7Days: Type.Integer(),
      activeDevices24Hours: Type.Integer(),
      activeDevicesHour: Type.Integer(),
      newDevices4Weeks: Type.Integer(),
      newDevices7Days: Type.Integer(),
      newDevices24Hours: Type.Integer(),
      newDevicesHour: Type.Integer(),
      deviceHostnames: Type.Integer(),
      deviceMACAddresses: Type.Integer(),
      credentials: Type.Integer(),
      subnets: Type.Integer(),
      subnetData: Type.Array(
        Type.Object({
          sid: Type.Integer(),
          network: Type.String(),
          devices: Type.Integer(),
          clientDevices: Type.Integer(),
          mostRecentTraffic: Type.String(),
        }),
      ),
      probes: Type.Record(Type.String(), Type.Unknown()),
      sources: Type.Array(
        Type.Object({
          name: Type.String(),
          state: Type.String(),
          mostRecentTraffic: Type.String(),
          message: Type.Optional(Type.String()),
        }),
        { description: 'Sensors and imports' },
      ),
      capture: Type.Optional(
        Type.Array(
          Type.Object({
            name: Type.String({ description: 'Interface, or UDP port of a mirror' }),
            isUp: Type.Boolean(),
            fault: Type.String({ description: 'Why it does not run; empty while it does' }),
            restarts: Type.Integer(),
            packets: Type.Integer({ description: 'Since the start, as all totals here' }),
            dropped: Type.Integer({ description: 'Dropped by the kernel, as we were too slow' }),
            deviceDropped: Type.Integer({ description: 'Dropped by the network card or its driver' }),
            duplicates: Type.Integer({ description: 'Copies of packets, which were left out' }),
            excluded: Type.Integer({ description: 'Packets of excluded networks' }),
            rawBitsPerSecond: bits,
            processedBitsPerSecond: bits,
            packetsPerSecond: Type.Number(),
            dropShare: share,
            duplicateShare: share,
          }),
          { description: 'Sources of live packets' },
        ),
      ),
      unidirectionalTraffic: Type.Optional(
        Type.Number({
          description: 'TCP connections of which one direction was seen, percent; healthy up to 10',
        }),
      ),
    },
    { additionalProperties: true },
  ),
} as const satisfies Route;

export const summarystatistics = {
  method: 'GET',
  path: '/summarystatistics',
  doc: 'The network in numbers; or events over time, or breaches by tactic. Only one of eventtype and mitreTactics.',
  permission: 'view',
  query: Type.Object({
    eventtype: Type.Optional(Type.String()),
    csensor: Type.Optional(flag('Endpoint agents only')),
    mitreTactics: Type.Optional(flag('Breaches by ATT&CK tactic')),
    endtime: Type.Optional(time('End of the window')),
    to: Type.Optional(textTime('End of the window')),
    hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 2400, description: '24 by default' })),
    responsedata,
  }),
  reply: Type.Record(Type.String(), Type.Unknown()),
} as const satisfies Route;
