import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { DetailEvent, WireBreach, WireComponent, WireModel } from '@thymus/contract';
import { type Fixture, NOON, openFixture } from '../http/site.fixture.ts';
import { metricSeries } from '../wire/metric-queries.ts';
import { spanOf } from './devices.ts';
import { bandwidthText, spanText } from './status.ts';

let site: Fixture;
before(async () => {
  site = await openFixture();
});
after(() => site.close());

const HOUR = 3_600_000;
const json = <T>(path: string) => site.json<T>(path);
const pbids = async (query: string) =>
  (await json<WireBreach[]>(`/modelbreaches${query}`)).map((b) => b.pbid);

async function refusal(path: string): Promise<string> {
  const reply = await site.get(path);
  assert.equal(reply.status, 400, path);
  const { error, message } = (await reply.json()) as { error: string; message: string };
  assert.equal(error, 'INPUT ERROR');
  return message;
}

test('breaches come oldest first, without acknowledged and suppressed ones', async () => {
  assert.deepEqual(await pbids(''), [1, 2]);
  assert.deepEqual(await pbids('?includesuppressed=true'), [1, 2, 3]);
  assert.deepEqual(await pbids('?IncludeSuppressed=True&includeacknowledged=&unknown=1'), [1, 2, 3]);
});

test('windows include both ends, in every spelling', async () => {
  const time = NOON - HOUR;
  assert.deepEqual(await pbids(`?starttime=${time}`), [2]);
  assert.deepEqual(await pbids(`?starttime=${time / 1000}&endtime=${time}`), [2]);
  assert.deepEqual(await pbids(`?endTime=${time - 1}.25`), [1]);
  assert.deepEqual(await pbids('?from=2026-01-05T11:00:00&to=2026-01-05+11:00:00'), [2]);
  assert.deepEqual(await pbids('?from=2026-01-05T11:00:00.00Z'), [2]);
  assert.deepEqual(await pbids('?from=2026-01-06'), []);
  assert.deepEqual(await pbids(`?creationtime=true&starttime=${NOON - 1000}`), [1, 2]);
});

test('breaches are found by device, model, score and number', async () => {
  assert.deepEqual(await pbids('?minscore=0.6'), [2]);
  assert.deepEqual(await pbids('?did=1,7'), [1, 2]);
  assert.deepEqual(await pbids('?did=7'), []);
  assert.deepEqual(await pbids('?pid=1'), [1, 2]);
  assert.deepEqual(await pbids('?pbid=1,3'), [1, 3]);
  assert.deepEqual(await pbids('?pbid=1&pbid=2'), [1, 2]);
  assert.deepEqual(await pbids('?pbid=3,'), [3]);
  assert.deepEqual(await pbids('?pbid=999'), []);
  assert.deepEqual(await pbids('?saasonly=true'), []);
  assert.deepEqual(await pbids('?saasfilter=office*'), []);
  const { uuid } = (await json<WireModel[]>('/models'))[0]!;
  assert.deepEqual(await pbids(`?uuid=${uuid}`), [1, 2]);
  assert.equal((await json<WireBreach>('/modelbreaches?pbid=3')).pbid, 3);
});

test('wrong parameters are refused with their name', async () => {
  assert.match(await refusal('/modelbreaches?minscore=7'), /minscore must be <= 1/);
  assert.match(await refusal('/modelbreaches?starttime=soon'), /starttime/);
  assert.match(await refusal('/modelbreaches?from=soon'), /from must be a time/);
  assert.match(await refusal('/modelbreaches?did=x'), /did/);
  assert.match(await refusal('/modelbreaches?minimal=perhaps'), /minimal/);
});

test('a breach has the shape of Appendix B', async () => {
  const breach = await json<WireBreach & { model: { then: WireModel; now: WireModel } }>('/modelbreaches/2');
  const { model, triggeredComponents, device, ...head } = breach;
  assert.deepEqual(head, {
    pbid: 2,
    time: NOON - HOUR,
    creationTime: NOON - 1000,
    commentCount: 0,
    score: 0.9,
    percentscore: 90,
    acknowledged: false,
    suppressed: false,
  });
  assert.deepEqual(model.then, model.now);
  assert.deepEqual(
    {
      name: model.then.name,
      logic: model.then.logic,
      modified: model.then.modified,
      mitre: model.then.mitre,
    },
    {
      name: 'Compromise::Beacon to Rare Place',
      logic: { data: [1], type: 'componentList', version: 1 },
      modified: '2026-01-04 12:00:00',
      mitre: { tactics: ['command-and-control'], techniques: ['T1071.001'] },
    },
  );
  const [component] = triggeredComponents;
  const { device: inside, ...rest } = component!;
  assert.deepEqual(inside, device);
  assert.deepEqual(rest, {
    time: NOON - HOUR,
    cbid: 201,
    cid: 1,
    chid: 1,
    size: 14,
    threshold: 10,
    interval: 3600,
    logic: {
      data: { left: 'A', operator: 'AND', right: { left: 'B', operator: 'OR', right: 'C' } },
      version: 'v0.1',
    },
    metric: { mlid: 1, name: 'externalconnections', label: 'External Connections' },
    ip: '192.0.2.9',
    port: 443,
    triggeredFilters: [
      {
        cfid: 100,
        id: 'A',
        filterType: 'Beaconing score',
        comparatorType: '>',
        arguments: { value: '60' },
        trigger: { value: '91' },
      },
      {
        cfid: 103,
        id: 'd1',
        filterType: 'Destination IP',
        comparatorType: 'display',
        arguments: { value: '' },
        trigger: { value: '192.0.2.9' },
      },
    ],
  });
  assert.deepEqual(
    [device?.hostname, device?.ip, device?.macaddress, device?.typelabel, device?.ips?.[0]?.time],
    ['ws-5', '10.0.0.5', '00:aa:00:00:00:05', 'Desktop', '2026-01-05 11:00:00'],
  );
});

test('clients choose how much of a breach they get', async () => {
  const look = (query: string) => json<WireBreach>(`/modelbreaches/2?${query}`);
  const minimal = await look('minimal=true');
  assert.deepEqual(Object.keys(minimal.device!).sort(), [
    'did',
    'hostname',
    'ip',
    'ips',
    'sid',
    'typelabel',
    'typename',
  ]);
  assert.ok('then' in minimal.model && !('logic' in minimal.model.then));
  const top = await look('deviceatop=true');
  assert.ok(top.device && top.triggeredComponents[0]?.device === undefined);
  const inside = await look('deviceattop=false');
  assert.ok(!inside.device && inside.triggeredComponents[0]?.device);
  const flat = await look('historicmodelonly=true');
  assert.ok('name' in flat.model);
  assert.equal((await look('includebreachurl=true')).breachUrl, 'https://appliance.example/#modelbreach/2');
  assert.deepEqual((await look('fulldevicedetails=true')).device?.credentials?.[0]?.credential, 'jdoe');
  assert.deepEqual(await look('responsedata=pbid,score'), { pbid: 2, score: 0.9 });
  assert.deepEqual(await look('responsedata=nothing'), {});
  const grouped = await json<WireBreach[]>('/modelbreaches?group=device&includesuppressed=true');
  assert.deepEqual(
    grouped.map(({ score, pbscore }) => [score, pbscore]),
    [
      [0.7, 0.871],
      [0.7, 0.871],
      [0, 0.871],
    ],
  );
  assert.deepEqual((await json<WireBreach>('/modelbreaches/3')).device, { did: -1 });
});

test('a breach that is not there is 404', async () => {
  const reply = await site.get('/modelbreaches/999');
  assert.equal(reply.status, 404);
  assert.ok('error' in ((await reply.json()) as object));
});

test('acknowledging hides a breach until it is taken back, as form and as JSON', async () => {
  const post = (what: string, body: string) => site.signed('POST', `/modelbreaches/1/${what}`, body);
  assert.deepEqual(await (await post('acknowledge', 'acknowledge=true')).json(), { response: 'SUCCESS' });
  assert.deepEqual(await pbids(''), [2]);
  assert.equal((await json<WireBreach>('/modelbreaches/1')).acknowledged, true);
  assert.equal((await post('unacknowledge', '{"unacknowledge":"true"}')).status, 200);
  assert.deepEqual(await pbids(''), [1, 2]);
  assert.equal((await post('acknowledge', 'acknowledge=false')).status, 400);
  assert.equal((await post('acknowledge', '{"acknowledge":')).status, 400);
  assert.equal((await site.signed('POST', '/modelbreaches/999/acknowledge', 'acknowledge=true')).status, 404);
  const trail = await site.services.state.auditTrail();
  const entry = trail.find(({ action }) => action === 'breach.acknowledge');
  assert.deepEqual([entry?.target, entry?.username], ['1', `DTAPI_${site.token.public}`]);
});

test('comments are kept and counted', async () => {
  const post = (body: string, path = '/modelbreaches/2/comments') => site.signed('POST', path, body);
  const added = (await (await post('{"message":"Grüße, <b>"}')).json()) as Record<string, unknown>;
  assert.deepEqual([added['response'], added['message'], added['pid']], ['SUCCESS', 'Grüße, <b>', 1]);
  const list = await json<{ message: string }[]>('/modelbreaches/2/comments');
  assert.deepEqual(
    list.map(({ message }) => message),
    ['Grüße, <b>'],
  );
  assert.equal((await json<WireBreach>('/modelbreaches/2')).commentCount, 1);
  const [all] = await json<Record<string, unknown>[]>(`/mbcomments?starttime=${NOON}&count=5`);
  assert.deepEqual([all?.['pbid'], all?.['name']], [2, 'Compromise::Beacon to Rare Place']);
  assert.deepEqual(await json(`/mbcomments?endtime=${NOON - 1}`), []);
  assert.deepEqual(
    await (await post('{"message":"again"}', '/modelbreaches/2/comments?responsedata=response')).json(),
    { response: 'SUCCESS' },
  );
  assert.equal((await post('{"message":""}')).status, 400);
  assert.equal((await post('[]')).status, 400);
  assert.equal((await post('{"message":"x"}', '/modelbreaches/999/comments')).status, 404);
  assert.equal((await site.get('/modelbreaches/999/comments')).status, 404);
  assert.equal((await site.signed('POST', '/mbcomments', '{"breachid":1}')).status, 405);
});

test('devices are listed, a single one comes alone', async () => {
  interface Listed {
    did: number;
    id: number;
    time: number;
    endtime: number;
  }
  const list = await json<Listed[]>('/devices?seensince=7days');
  assert.deepEqual(list.map(({ did }) => did).sort(), [1, 2]);
  assert.deepEqual(await json('/devices?seensince=0.5sec&count=1'), []);
  const one = await json<Listed>('/devices?did=1');
  assert.deepEqual([one.id, one.time, one.endtime], [1, NOON - 48 * HOUR, NOON - 1000]);
  assert.equal((await json<Listed>('/devices?ip=10.0.0.6')).did, 2);
  assert.equal((await json<Listed>('/devices?mac=00:AA:00:00:00:05&includetags=true')).did, 1);
  assert.deepEqual(await json('/devices?did=999999'), []);
  assert.equal((await json<Listed[]>('/devices?did=1,')).length, 1);
  assert.equal((await json<Listed[]>('/devices?sid=1&saasfilter=a*')).length, 0);
  assert.equal((await json<Listed>('/devices?ip=10.0.0.5&iptime=2026-01-05+11:00:00')).did, 1);
  assert.deepEqual(await json('/devices?ip=10.0.0.5&iptime=2020-01-01'), []);
  assert.match(await refusal('/devices?seensince=7moons'), /seensince/);
});

test('spans are read with every abbreviation', () => {
  assert.deepEqual(['7days', '2min', '1hour', '3600', '2 w', '10secs'].map(spanOf), [
    604_800_000,
    120_000,
    HOUR,
    HOUR,
    1_209_600_000,
    10_000,
  ]);
});

test('people decide label, priority and type of a device', async () => {
  const post = (body: string) => site.signed('POST', '/devices', body);
  const reply = (await (await post('did=2&label=Files&priority=-2&type=fileserver')).json()) as {
    response: string;
    device: Record<string, unknown>;
  };
  assert.equal(reply.response, 'SUCCESS');
  assert.deepEqual(
    [reply.device['devicelabel'], reply.device['priority'], reply.device['typelabel']],
    ['Files', -2, 'File Server'],
  );
  assert.equal((await post('{"did":2,"type":2,"priority":0}')).status, 200);
  assert.equal((await post('did=2&priority=9')).status, 400);
  assert.equal((await post('did=2&type=toaster')).status, 400);
  assert.equal((await post('did=999')).status, 404);
  assert.equal((await post('label=x')).status, 400);
});

test('subnets say who is in them', async () => {
  const [subnet] = await json<Record<string, unknown>[]>('/subnets');
  assert.deepEqual(
    [subnet?.['network'], subnet?.['dhcp'], subnet?.['clientDevices']],
    ['10.0.0.0/24', true, 2],
  );
  assert.deepEqual(await json('/subnets?sid=5'), []);
  assert.deepEqual(await json<unknown[]>('/subnets?seensince=1week&responsedata=sid'), [{ sid: 1 }]);
});

test('details of a device are its connections, newest first', async () => {
  const events = await json<DetailEvent[]>('/details?did=1&includetotalbytes=true');
  assert.deepEqual(
    events.map(({ uid }) => uid),
    ['Caaa', 'Cbbb', 'Cccc'],
  );
  const [external, internal] = events;
  assert.deepEqual(
    [
      external!['direction'],
      external!['applicationprotocol'],
      external!['protocol'],
      external!['totalbytesin'],
    ],
    ['out', 'SSL', 'TCP', 4000],
  );
  assert.deepEqual(external!['destinationDevice'], {
    ip: '192.0.2.9',
    asn: 'AS64500 Example',
    countrycode: 'US',
  });
  assert.equal((external!['sourceDevice'] as { time: unknown }).time, String(NOON - 48 * HOUR));
  assert.equal(internal!['status'], 'failed');
  const incoming = await json<DetailEvent[]>('/details?did=2');
  assert.deepEqual(
    incoming.map(({ uid, direction }) => [uid, direction]),
    [['Cbbb', 'in']],
  );
});

test('details can be narrowed', async () => {
  const uids = async (query: string) =>
    (await json<DetailEvent[]>(`/details?did=1&${query}`)).map(({ uid }) => uid);
  assert.deepEqual(await uids(`starttime=${NOON - 90_000}&endtime=${NOON - 60_000}`), ['Caaa']);
  assert.deepEqual(await uids('count=1&offset=1'), ['Cbbb']);
  assert.deepEqual(await uids('ddid=2'), ['Cbbb']);
  assert.deepEqual(await uids('odid=2&protocol=6'), ['Cbbb']);
  assert.deepEqual(await uids('intext=external'), ['Caaa', 'Cccc']);
  assert.deepEqual(await uids('intext=internal'), ['Cbbb']);
  assert.deepEqual(await uids('destinationport=443&applicationprotocol=SSL&deduplicate=true'), ['Caaa']);
  assert.deepEqual(await uids('port=445&sourceport=50000&protocol=udp'), []);
  assert.deepEqual(await uids('uid=Cccc'), ['Cccc']);
  assert.deepEqual(await uids('externalhostname=nowhere.example'), []);
});

test('details know notices, breaches, addresses and what is new', async () => {
  const kinds = async (type: string, more = '') =>
    (await json<DetailEvent[]>(`/details?did=1&eventtype=${type}${more}`)).map(
      (e) => e['msg'] ?? e.uid ?? e['value'],
    );
  assert.deepEqual(await kinds('notice'), ['guessing of passwords']);
  assert.deepEqual(await kinds('modelbreach', '&count=1'), ['Compromise::Beacon to Rare Place']);
  assert.deepEqual(await kinds('devicehistory'), ['10.0.0.5']);
  assert.deepEqual(await kinds('unusualconnection'), ['Caaa']);
  assert.deepEqual(await kinds('newconnection'), ['Cbbb', 'Cccc']);
  assert.deepEqual(await kinds('newconnection', `&starttime=${NOON - HOUR}`), ['Cbbb']);
  assert.deepEqual(await json('/details?did=999&eventtype=unusualconnection'), []);
  assert.deepEqual(await json('/details?did=999&eventtype=devicehistory'), []);
  const said = await json<DetailEvent[]>('/details?msg=guessing');
  assert.equal(said.length, 1);
  assert.match(await refusal('/details?did=1&eventtype=gossip'), /eventtype/);
  assert.match(await refusal('/details'), /did, pbid or msg/);
});

test('details of a breach begin with the breach', async () => {
  const [first, second] = await json<DetailEvent[]>('/details?pbid=2');
  assert.deepEqual([first?.action, first?.['pbid'], first?.['componentBreaches']], ['policybreach', 2, [1]]);
  assert.equal(second?.uid, 'Caaa');
  assert.deepEqual(await json('/details?pbid=999'), []);
});

test('models and components are found by their numbers', async () => {
  const models = await json<WireModel[]>('/models');
  assert.deepEqual(
    models.map(({ logic }) => logic.type),
    ['componentList', 'weightedComponentList'],
  );
  assert.deepEqual(models[1]?.logic, {
    data: [
      { cid: 2, weight: 1 },
      { cid: 3, weight: -100 },
    ],
    targetScore: 1,
    type: 'weightedComponentList',
    version: 1,
  });
  assert.equal(models[1]?.mitre, undefined);
  assert.equal((await json<WireModel>('/models/2')).name, 'Device::Weighted Example');
  assert.equal((await json<WireModel>(`/models?uuid=${models[0]?.uuid}`)).pid, 1);
  const components = await json<WireComponent[]>('/components');
  assert.deepEqual(
    components.map(({ cid, filters }) => [cid, filters.map(({ id }) => id).join('')]),
    [
      [1, 'ABCd1'],
      [2, ''],
      [3, 'A'],
    ],
  );
  assert.deepEqual((await json<WireComponent>('/components/3')).logic.data, { left: 'A' });
  assert.equal((await json<WireComponent>('/components?cid=1')).mlid, 1);
  for (const path of ['/models/99', '/components/99', '/metrics/99999']) {
    assert.equal((await site.get(path)).status, 404, path);
  }
});

test('metrics have labels, and values at every step', async () => {
  const metrics = await json<{ mlid: number; name: string }[]>('/metrics');
  assert.ok(metrics.some(({ name }) => name === 'externalconnections'));
  assert.equal((await json<{ name: string }>('/metrics/1')).name, 'externalconnections');
  interface Data {
    metric: string;
    data: { timems: number; size: number; in: number; out: number }[];
  }
  const [one] = await json<Data[]>('/metricdata?did=1&metric=datatransfervolume&interval=3600');
  assert.deepEqual(one?.data, [
    { time: '2026-01-05 11:00:00', timems: NOON - HOUR, size: 10_000, in: 8000, out: 2000 },
  ]);
  const many = await json<Data[]>(
    `/metricdata?metric1=connections&metric2=dnsrequests&starttime=${NOON - 3 * HOUR}&interval=3600`,
  );
  assert.deepEqual(
    many.map(({ metric, data }) => [metric, data.map(({ size }) => size)]),
    [
      ['connections', [0, 1, 2]],
      ['dnsrequests', [0, 0, 1]],
    ],
  );
  const both = await json<[{ breachtimes: unknown[] }, Data]>(
    '/metricdata?did=1&metric=connections,externalconnections&breachtimes=true&port=443',
  );
  assert.equal(both[0].breachtimes.length, 1);
  assert.match(await refusal('/metricdata?metric=gossip'), /gossip/);
  assert.match(await refusal('/metricdata?metric=connections&devices=1,2'), /devices/);
  assert.match(await refusal('/metricdata?starttime=1600000000000&interval=1'), /interval/);
  assert.match(await refusal(`/metricdata?starttime=${NOON}&endtime=${NOON - 5}`), /ends before/);
});

test('metrics that no record counts come from what detection noted', async () => {
  const { lake } = site.services;
  const range = { from: NOON - 3 * HOUR, to: NOON, interval: HOUR };
  const sizes = async (name: string, did?: number) =>
    (await metricSeries(lake, { name, did, ...range })).map(({ size }) => size);
  assert.deepEqual(await sizes('beaconscore', 1), []);
  assert.deepEqual(await sizes('beaconscore'), []);
});

test('the network in numbers', async () => {
  const all = await json<{ devicecount: Record<string, number>; bandwidth: unknown[] }>('/summarystatistics');
  assert.deepEqual([all.devicecount['total'], all.devicecount['desktop']], [2, 1]);
  assert.equal(all.bandwidth.length, 2);
  const events = async (type: string) =>
    (await json<{ data: { events: number }[] }>(`/summarystatistics?eventtype=${type}`)).data;
  assert.equal((await events('networknotices')).length, 1);
  assert.deepEqual(
    (await events('modelevents')).map((step) => step.events),
    [1, 2],
  );
  assert.deepEqual(await events('saas'), []);
  const { mitreTactics } = await json<{ mitreTactics: { name: string; totalCount: number }[] }>(
    '/summarystatistics?mitreTactics=true&hours=48',
  );
  assert.deepEqual(
    mitreTactics.map(({ name, totalCount }) => [name, totalCount]),
    [['Command And Control', 2]],
  );
  assert.match(await refusal('/summarystatistics?mitreTactics=true&eventtype=saas'), /only one/);
});

test('status has versions, load, traffic and population', async () => {
  const status = await json<Record<string, unknown>>('/status');
  assert.deepEqual(
    [
      status['version'],
      status['time'],
      status['inoculation'],
      status['uptime'],
      status['activeDevices7Days'],
    ],
    ['9.9.9', '2026-01-05 12:00:00', true, '01:00:00', 2],
  );
  assert.deepEqual(status['sources'], [
    { name: 'eth1', state: 'warning', mostRecentTraffic: '2026-01-05 11:59:30', message: 'loses packets' },
  ]);
  assert.equal(status['connectionsPerMinuteAverage'], 0);
  assert.equal((status['subnetData'] as unknown[]).length, 1);
  const again = await json<Record<string, unknown>>('/status?fast=true&includechildren=false&format=json');
  assert.deepEqual(again['subnetData'], []);
  assert.equal(again['uuid'], status['uuid']);
  assert.equal(bandwidthText(386_700_000), '386.70 Mbps');
  assert.equal(spanText(6_822_583_000), '1895:09:43');
});
