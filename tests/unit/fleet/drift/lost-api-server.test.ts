import { expect } from "chai";
import { isLostApiServer } from "../../../../fleet/drift/lost-api-server.ts";

describe("isLostApiServer", () => {
  it("isLostApiServer is true for what is said of an API server that is away", () => {
    for (const message of [
      'failed to initialize: Get "https://127.0.0.1:41235/apis/apps/v1/namespaces/shop/deployments/web": EOF',
      'Patch "https://127.0.0.1:41235/api/v1/namespaces/shop?force=true": dial tcp 127.0.0.1:41235: connect: connection refused',
      "configured Kubernetes cluster is unreachable: unable to load schema information from the API server",
      "etcdserver: request timed out",
      'configmaps is forbidden: User "kubernetes-admin" cannot list resource "configmaps" in API group "" at the cluster scope',
      'services is forbidden: User "dev" cannot list resource "services": ' +
        'RBAC: [clusterrole.rbac.authorization.k8s.io "system:basic-user" not found]',
    ]) {
      expect(isLostApiServer(message), message).to.equal(true);
    }
  });

  it("isLostApiServer is false for a pod that does not answer, and for a registry", () => {
    for (const message of [
      'Readiness probe failed: Get "http://10.244.0.7:8181/ready": dial tcp 10.244.0.7:8181: connect: connection refused',
      'failed to do request: Head "https://registry.example.com/v2/web/manifests/1": dial tcp: connection refused',
      'deployments.apps "web" already exists',
      'services is forbidden: User "system:serviceaccount:ci:deployer" cannot list resource "services" in the namespace "shop"',
      'pods is forbidden: User "dev" cannot list resource "pods": clusterrole.rbac.authorization.k8s.io "reader" not found',
    ]) {
      expect(isLostApiServer(message), message).to.equal(false);
    }
  });
});
