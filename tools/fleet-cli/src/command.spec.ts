import { parseCommand } from './command';

describe('the words of the command', () => {
  it('are a verb, what it needs, and which cluster', () => {
    expect(parseCommand(['status'])).toEqual({ verb: 'status', target: {}, api: null });
    expect(parseCommand(['status', '--api', 'http://a:8000/', '--context', 'c'])).toEqual({
      ...{ verb: 'status', api: 'http://a:8000' },
      target: { context: 'c' },
    });
    expect(parseCommand(['scale', 'alerting', '0', '--namespace', 'n', '--kubeconfig', 'f'])).toEqual({
      ...{ verb: 'scale', service: 'alerting', replicas: 0 },
      target: { namespace: 'n', kubeconfig: 'f' },
    });
    expect(parseCommand(['-h'])).toBe('help');
  });

  it.each([
    ['', /^nothing: status, or scale SERVICE N is expected$/],
    ['status alerting', /^status alerting: status, or scale/],
    ['scale alerting', /^scale alerting: status, or scale/],
    ['scale alertin 2', /^alertin: unknown service; there are ingestion, calculation-worker/],
    ['scale redis 2', /^redis: unknown service/],
    ['scale alerting two', /^two: a whole number of replicas/],
    ['scale alerting 1.5', /^1.5: a whole number of replicas/],
    ['scale alerting 10000', /^10000: a whole number of replicas/],
    ['scale alerting 2 --api http://a', /^--api: scale speaks to Kubernetes alone$/],
    ['status --api a:8000', /^--api a:8000: an http/],
    ['status --all', /--all/],
  ])('"%s" is refused in one line', (text, reason) => {
    expect(() => parseCommand(text.split(' ').filter((word) => word !== ''))).toThrow(reason);
  });
});
