import { deploymentState, podState } from '../kubernetes/objects';
import { unwatched } from '../kubernetes/workload-watch';
import { deployment, pod } from '../testing/kubernetes-objects';
import { standingsOf } from './standings';
import { hostOf, viewFleet } from './view-fleet';

const owned = (partition: number, owner: string, lagBars: number) => ({ partition, owner, lagBars });

describe('the fleet', () => {
  const facts = {
    name: 'calculation' as const,
    members: ['pod-b/2', 'pod-a/1'],
    partitions: [owned(0, 'pod-a/1', 5), owned(1, 'gone/9', 7), owned(2, '', 1)],
  };

  it('is known from the members alone', () => {
    const view = viewFleet(standingsOf(['pod-i/1'], [facts], 3), unwatched('none').view());
    expect(view.kubernetes).toMatchObject({ state: 'off', detail: 'none' });
    expect(view.services.slice(0, 2)).toMatchObject([
      { name: 'ingestion', owned: 3, lagBars: null, processes: [{ id: 'pod-i/1', partitions: [0, 1, 2] }] },
      {
        ...{ name: 'calculation-worker', owned: 2, lagBars: 13, restarts: null, deployment: null },
        processes: [
          { id: 'gone/9', host: 'gone', partitions: [1], lagBars: 7 },
          { id: 'pod-a/1', partitions: [0], lagBars: 5 },
          { id: 'pod-b/2', partitions: [], lagBars: null },
        ],
      },
    ]);
  });

  it('knows no host of a member that does not name one', () => {
    expect([hostOf('a/1'), hostOf('0d9f'), hostOf('/1')]).toEqual(['a', null, null]);
  });
});

describe('what is kept of a Deployment and a Pod', () => {
  const state = (status: object, replicas = 2) => deploymentState(deployment('api', replicas, status) as object);

  it('tells a rollout that is done from one that moves and one that is stuck', () => {
    expect(state({})).toMatchObject({ rollout: 'complete', detail: '', service: 'api' });
    expect(state({ updatedReplicas: 1 })).toMatchObject({
      rollout: 'progressing',
      detail: '1 of 2 updated, 2 available',
    });
    expect(state({ observedGeneration: 2 }).rollout).toBe('progressing');
    const conditions = [{ type: 'Progressing', status: 'False', message: 'deadline exceeded' }];
    expect(state({ updatedReplicas: 1, conditions })).toMatchObject({
      rollout: 'stalled',
      detail: 'deadline exceeded',
    });
    expect(state({}, 0)).toMatchObject({ wanted: 0, rollout: 'complete' });
  });

  it('bears objects of which nothing is known yet', () => {
    expect(deploymentState({})).toMatchObject({ wanted: 1, ready: 0 });
    expect(podState({})).toMatchObject({ phase: 'Unknown', ready: false, restarts: 0, node: null });
  });

  it('says why a pod does not run', () => {
    const leaving = pod('api', 'a');
    leaving.metadata['deletionTimestamp'] = '2026-01-01T00:00:00Z';
    expect(podState(leaving as object).phase).toBe('Terminating');
    expect(podState(pod('api', 'a', { waiting: 'ImagePullBackOff' }) as object).phase).toBe('ImagePullBackOff');
  });
});
