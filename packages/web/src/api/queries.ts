/** Every question that screens ask, with the key under which its answer is kept. */

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type {
  about,
  comments,
  explainBreach,
  jobs,
  metrics,
  modelbreach,
  modelbreaches,
  models,
  session,
  status,
  uiDeviceByDid,
  uiDevices,
  uiFields,
  uiHistogram,
  uiMetricData,
  uiSearch,
  uiTerms,
} from '@thymus/contract';
import { metricStep } from '../lib/series.ts';
import { inTrayOrder, toTrayBreach } from '../screens/home/tray.ts';
import { client, news, queries } from '../shell/services.ts';
import { ApiError } from './client.ts';
import { runningJob } from './jobs.ts';

interface Window {
  from: number;
  to: number;
}

/** The open session, or null where there is none. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async () => {
    try {
      const answer = await client.get<typeof session>('/ui/session');
      client.csrf = answer.csrf;
      const newest = answer.newest ?? answer.now;
      news.begin(newest, answer.now, newest - answer.learning.days * 86_400_000);
      return answer;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
});

/** Tags of each model. Without them the tray is poorer but whole, so that a failure stays quiet. */
const modelTagsQuery = queryOptions({
  queryKey: ['model tags'],
  queryFn: async () => {
    const list = await client
      .get<typeof models>('/models', { responsedata: 'name,tags' })
      .catch((): { name: string; tags: string[] }[] => []);
    return new Map((Array.isArray(list) ? list : [list]).map(({ name, tags }) => [name, tags]));
  },
  staleTime: Number.POSITIVE_INFINITY,
});

/** All breaches of a window, acknowledged and suppressed ones too: filters hide, they do not ask again. */
export const breachesQuery = ({ from, to }: Window) =>
  queryOptions({
    queryKey: ['breaches', from, to],
    queryFn: async ({ signal }) => {
      const tags = queries.ensureQueryData(modelTagsQuery);
      const list = await client.get<typeof modelbreaches>(
        '/modelbreaches',
        {
          starttime: from,
          endtime: to - 1,
          includeacknowledged: true,
          includesuppressed: true,
          minimal: true,
        },
        signal,
      );
      const tagsOf = await tags;
      return inTrayOrder((Array.isArray(list) ? list : [list]).map((b) => toTrayBreach(b, tagsOf)));
    },
    placeholderData: (old) => old,
  });

export const breachQuery = (pbid: number) =>
  queryOptions({
    queryKey: ['breach', pbid],
    queryFn: ({ signal }) => client.get<typeof modelbreach>(`/modelbreaches/${pbid}`, {}, signal),
  });

export const explanationQuery = (pbid: number) =>
  queryOptions({
    queryKey: ['explanation', pbid],
    queryFn: ({ signal }) => client.get<typeof explainBreach>(`/ui/breaches/${pbid}`, {}, signal),
  });

export const commentsQuery = (pbid: number) =>
  queryOptions({
    queryKey: ['comments', pbid],
    queryFn: ({ signal }) => client.get<typeof comments>(`/modelbreaches/${pbid}/comments`, {}, signal),
  });

export const deviceQuery = (did: number) =>
  queryOptions({
    queryKey: ['device', did],
    queryFn: ({ signal }) => client.get<typeof uiDeviceByDid>(`/ui/devices/${did}`, {}, signal),
  });

export const devicesQuery = (q: string, limit: number) =>
  queryOptions({
    queryKey: ['devices', q, limit],
    queryFn: ({ signal }) =>
      client.get<typeof uiDevices>('/ui/devices', { q: q || undefined, limit }, signal),
    placeholderData: (old) => old,
  });

export const metricQuery = (did: number, metric: string, { from, to }: Window) =>
  queryOptions({
    queryKey: ['metric', did, metric, from, to],
    queryFn: ({ signal }) =>
      client.get<typeof uiMetricData>(
        '/ui/metricdata',
        { did, metric, from, to, interval: metricStep({ from, to }) },
        signal,
      ),
    placeholderData: (old) => old,
  });

export const metricsQuery = queryOptions({
  queryKey: ['metrics'],
  queryFn: ({ signal }) => client.get<typeof metrics>('/metrics', {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
});

/** How many records a first page of search results holds. */
export const PAGE = 200;

export const searchQuery = (q: string, { from, to }: Window, size = PAGE) =>
  infiniteQueryOptions({
    queryKey: ['search', q, from, to, size],
    queryFn: ({ pageParam, signal }) =>
      client.get<typeof uiSearch>('/ui/search', { q, from, to, offset: pageParam, size }, signal),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (last.hits.length < size ? undefined : pages.length * size),
  });

export const histogramQuery = (q: string, { from, to }: Window, interval?: number) =>
  queryOptions({
    queryKey: ['histogram', q, from, to, interval],
    queryFn: ({ signal }) =>
      client.get<typeof uiHistogram>('/ui/search/histogram', { q, from, to, interval }, signal),
  });

export const fieldsQuery = queryOptions({
  queryKey: ['fields'],
  queryFn: ({ signal }) => client.get<typeof uiFields>('/ui/search/fields', {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
});

export const termsQuery = (q: string, { from, to }: Window, field: string, size = 10) =>
  queryOptions({
    queryKey: ['terms', q, from, to, field, size],
    queryFn: ({ signal }) =>
      client.get<typeof uiTerms>('/ui/search/terms', { q, from, to, field, size }, signal),
  });

export interface SummaryStatistics {
  usercredentialcount: number;
  subnets: number;
  patterns: number;
  devicecount: Record<string, unknown> & { total: number; totalClient: number; totalServer: number };
}

export const summaryQuery = queryOptions({
  queryKey: ['summary'],
  queryFn: async ({ signal }) =>
    (await client.get<never>('/summarystatistics', {}, signal)) as SummaryStatistics,
});

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => client.get<typeof status>('/status', {}, signal),
  refetchInterval: 10_000,
});

export const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  queryFn: ({ signal }) => client.get<typeof jobs>('/ui/jobs', {}, signal),
  // the stream tells of progress; asking is for the time without a stream
  refetchInterval: ({ state }) => (runningJob(state.data) ? 5000 : 30_000),
});

export const aboutQuery = queryOptions({
  queryKey: ['about'],
  queryFn: ({ signal }) => client.get<typeof about>('/ui/about', {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
});
