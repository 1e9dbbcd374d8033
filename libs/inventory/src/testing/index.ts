export { deployment, pod, type ApiObject, type PodTraits } from './kubernetes-objects';
export { startKubernetesApi, type Kind, type KubernetesApi } from './start-kubernetes-api';
