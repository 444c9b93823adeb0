import { expect } from "chai";
import fc from "fast-check";
import { type LinkWay, LinkPlanError, planLink, planProblems } from "../../../config/link-plan.ts";

const ways: [url: string, way: LinkWay, host: string, port: number, reason: RegExp][] = [
  ["http://cluster2-control-plane", "externalName", "cluster2-control-plane", 80, /plain name on port 80/],
  ["http://cluster2-control-plane:80/", "externalName", "cluster2-control-plane", 80, /plain name on port 80/],
  ["http://cluster2-control-plane:8080", "proxy", "cluster2-control-plane", 8080, /listens on 8080/],
  ["http://abc.ngrok.app", "proxy", "abc.ngrok.app", 80, /Host header/],
  ["http://abc.ngrok.app.", "proxy", "abc.ngrok.app", 80, /Host header/],
  ["http://host.docker.internal:3000", "proxy", "host.docker.internal", 3000, /listens on 3000/],
  ["https://abc.ngrok.app", "proxy", "abc.ngrok.app", 443, /TLS under its own name/],
  ["https://name:8443", "proxy", "name", 8443, /TLS/],
  ["https://192.0.2.1", "proxy", "192.0.2.1", 443, /TLS/],
  ["http://192.0.2.1", "endpoints", "192.0.2.1", 80, /IPv4 address/],
  ["http://172.18.0.3:8080", "endpoints", "172.18.0.3", 8080, /IPv4 address/],
  ["http://[2001:db8::1]", "endpoints", "2001:db8::1", 80, /IPv6 address/],
  ["http://[2001:DB8::1]:8080", "endpoints", "2001:db8::1", 8080, /IPv6 address/],
  ["http://[::ffff:192.0.2.1]", "endpoints", "192.0.2.1", 80, /IPv4 address/],
  ["http://localhost-of-mine", "externalName", "localhost-of-mine", 80, /plain name/],
  ["HTTP://Name", "externalName", "name", 80, /plain name/],
];

const refusals: [url: string, why: RegExp][] = [
  ["", /is empty/],
  [" http://a", /white space/],
  ["http://a\n", /white space/],
  ["cluster2-control-plane", /not a URL that starts with http/],
  ["name:8080", /not a URL that starts with http/],
  ["http:name", /not a URL that starts with http/],
  ["http://", /not a URL that starts with http/],
  ["http://a:99999", /not a URL that starts with http/],
  ["ftp://a", /not a URL that starts with http/],
  ["tcp://a:80", /not a URL that starts with http/],
  ["http://a/b", /more than scheme, host and port.*write http:\/\/a$/],
  ["http://a:81//", /more than scheme, host and port.*write http:\/\/a:81$/],
  ["http://a?b", /more than scheme, host and port/],
  ["http://a?", /more than scheme, host and port/],
  ["http://a#b", /more than scheme, host and port/],
  ["http://me:pw@a", /credentials.*write http:\/\/a$/],
  ["http://me@a", /credentials/],
  ["http://a:0", /port 0.*write http:\/\/a$/],
  ["http://a_b", /a_b is not a DNS name/],
  ["http://a..b", /not a DNS name/],
  ["http://*.b.c", /not a DNS name/],
  ["http://localhost", /localhost is whatever machine or pod asks: write the URL that other clusters reach/],
  ["https://localhost:8443", /whatever machine or pod asks/],
  ["http://me:pw@localhost/path", /whatever machine or pod asks/],
  ["http://LOCALHOST.", /whatever machine or pod asks/],
  ["http://app.localhost", /whatever machine or pod asks/],
  ["http://localhost.localdomain", /whatever machine or pod asks/],
  ["http://127.0.0.1", /whatever machine or pod asks/],
  ["http://127.1.2.3:80", /whatever machine or pod asks/],
  ["http://2130706433", /127\.0\.0\.1 is whatever machine or pod asks/],
  ["http://0.0.0.0", /whatever machine or pod asks/],
  ["http://[::1]", /whatever machine or pod asks/],
  ["http://[::]", /whatever machine or pod asks/],
  ["http://[::ffff:127.0.0.1]", /127\.0\.0\.1 is whatever machine or pod asks/],
  ["http://169.254.169.254", /one network segment/],
  ["http://[fe80::1]", /one network segment/],
  ["http://224.0.0.1", /a group of machines/],
  ["http://255.255.255.255", /a group of machines/],
  ["http://[ff02::1]", /a group of machines/],
  ["http://identity.test-namespace.svc", /inside one cluster/],
  ["http://identity.test-namespace.svc.cluster.local", /inside one cluster/],
  ["http://identity.test-namespace.svc.cluster.local.:80", /inside one cluster/],
];

/** The error that a URL, or a way to it, is refused with. */
function refusalOf(url: string, via?: LinkWay): LinkPlanError {
  try {
    planLink(url, { via });
  } catch (error) {
    if (error instanceof LinkPlanError) return error;
    throw error;
  }
  return expect.fail(`${url} was planned`);
}

describe("planLink", () => {
  for (const [url, way, host, port, reason] of ways) {
    it(`an alias of ${url} is made by ${way}`, () => {
      const plan = planLink(url);
      expect(plan).to.include({ way, host, port });
      expect(plan.reason).to.match(reason);
    });
  }

  it("planLink returns the IP family of an address, and none for a name", () => {
    expect(planLink("http://192.0.2.1")).to.include({ ipFamily: 4 });
    expect(planLink("https://[2001:db8::1]")).to.include({ ipFamily: 6 });
    expect(planLink("http://name")).not.to.have.property("ipFamily");
  });

  it("planLink returns every spelling of a URL in one form", () => {
    const url = (text: string) => planLink(text).url;
    expect(url("HTTP://Name:80/")).to.equal("http://name");
    expect(url("https://name.:443")).to.equal("https://name");
    expect(url("http://[2001:DB8:0::1]:8080/")).to.equal("http://[2001:db8::1]:8080");
    expect(url("http://[::ffff:c000:201]:81")).to.equal("http://192.0.2.1:81");
  });

  for (const [url, why] of refusals) {
    it(`a link to ${JSON.stringify(url)} is refused, with a remedy`, () => {
      const error = refusalOf(url);
      expect(error.message)
        .to.match(why)
        .and.match(/: write http|: write the URL/);
      expect(error.setting).to.equal("url");
    });
  }

  it("the message about a refused URL does not contain its credentials", () => {
    for (const url of [
      "http://me:hunter2@a",
      "https://hunter2@a/b",
      "me:hunter2@a",
      "ftp://me:hun@hunter2@a",
      "h+t://hunter2@a",
    ]) {
      expect(refusalOf(url).message).not.to.contain("hunter2");
    }
  });
});

describe("planLink with a way set by via", () => {
  it("planLink uses the way that via sets where it can work, and says so in the reason", () => {
    expect(planLink("http://name", { via: "proxy" })).to.include({
      way: "proxy",
      reason: "via: proxy asks for it, although name is a plain name on port 80",
    });
    expect(planLink("http://192.0.2.1", { via: "proxy" }).way).to.equal("proxy");
    expect(planLink("http://abc.ngrok.app", { via: "externalName" })).to.include({ way: "externalName" });
  });

  it("planLink returns the same plan when via sets the way that it would choose itself", () => {
    for (const [url, way] of ways) expect(planLink(url, { via: way })).to.deep.equal(planLink(url));
  });

  const conflicts: [url: string, via: LinkWay, why: RegExp][] = [
    ["http://192.0.2.1", "externalName", /192\.0\.2\.1 is an address.*write "via: endpoints", or leave via out/],
    ["http://name:8080", "externalName", /DNS knows no ports, and name listens on 8080.*write "via: proxy"/],
    ["https://name", "externalName", /wants TLS.*write "via: proxy"/],
    ["http://name", "endpoints", /name is a name, not an address.*write "via: externalName"/],
    ["https://192.0.2.1", "endpoints", /wants TLS/],
    ["http://abc.ngrok.app", "endpoints", /a name, not an address/],
  ];
  for (const [url, via, why] of conflicts) {
    it(`via: ${via} is refused for ${url}`, () => {
      const error = refusalOf(url, via);
      expect(error.message).to.match(why);
      expect(error.setting).to.equal("via");
    });
  }

  it("planLink refuses a URL that can't be reached, whatever via sets", () => {
    expect(refusalOf("http://localhost", "proxy").setting).to.equal("url");
  });
});

describe("planLink with any URL", () => {
  it("planLink plans any URL in a way that suits it, or throws a LinkPlanError", () => {
    const host = fc.oneof(
      fc.domain(),
      fc.ipV4Extended(),
      fc.ipV6().map((ip) => `[${ip}]`),
      fc.string(),
    );
    const url = fc.oneof(
      fc.string(),
      fc.webUrl(),
      fc.tuple(fc.constantFrom("http", "https"), host).map((parts) => parts.join("://")),
    );
    fc.assert(
      fc.property(
        url,
        fc.constantFrom<LinkWay | undefined>(undefined, "externalName", "endpoints", "proxy"),
        (text, via) => {
          try {
            const plan = planLink(text, { via });
            expect(planLink(plan.url, { via })).to.deep.equal(plan);
            if (plan.way === "externalName")
              expect(plan).to.include({ protocol: "http:", port: 80 }).and.not.have.property("ipFamily");
            if (plan.way === "endpoints") expect(plan).to.include({ protocol: "http:" }).and.have.property("ipFamily");
          } catch (error) {
            expect(error).to.be.instanceOf(LinkPlanError);
          }
        },
      ),
    );
  });
});

describe("planProblems", () => {
  const ipv4 = { alias: "there", caCertificate: undefined, clusterIpFamily: undefined };
  const settingsOf = (...args: Parameters<typeof planProblems>) => planProblems(...args).map(({ setting }) => setting);

  it("planProblems returns nothing for a plan that suits the peer and the calling cluster", () => {
    expect(planProblems(planLink("http://cluster2-control-plane"), ipv4)).to.deep.equal([]);
    expect(planProblems(planLink("https://a.example.com"), { ...ipv4, caCertificate: "PEM" })).to.deep.equal([]);
    expect(planProblems(planLink("http://[2001:db8::7]"), { ...ipv4, clusterIpFamily: "dual" })).to.deep.equal([]);
  });

  it("planProblems blames caCertificate for a URL without TLS", () => {
    expect(planProblems(planLink("http://there.example.com"), { ...ipv4, caCertificate: "PEM" })).to.deep.equal([
      {
        setting: "caCertificate",
        message:
          '"http://there.example.com" has no certificate to verify: leave caCertificate out, or write an https URL',
      },
    ]);
  });

  it("planProblems blames an alias that its proxy would resolve to itself, but not one of another way", () => {
    expect(planProblems(planLink("http://there:8080"), ipv4)).to.deep.equal([
      {
        setting: "alias",
        message: '"there" is also the name in http://there:8080, so its proxy would call itself: write another alias',
      },
    ]);
    expect(planProblems(planLink("http://there"), ipv4)).to.deep.equal([]);
  });

  it("planProblems blames the url for an IPv6 address that an IPv4 cluster would have to call", () => {
    const why = "http://[2001:db8::7] is an IPv6 address, and this cluster has IPv4 only: ";
    for (const clusterIpFamily of [undefined, "ipv4"]) {
      const surroundings = { ...ipv4, clusterIpFamily };
      const made = { ...surroundings, clusterName: "cluster1" };
      expect(planProblems(planLink("http://[2001:db8::7]"), made)).to.deep.equal([
        { setting: "url", message: `${why}write "ipFamily: dual" into cluster, which makes it anew` },
      ]);
      expect(planProblems(planLink("http://[2001:db8::7]"), surroundings)).to.deep.equal([
        { setting: "url", message: `${why}write "ipFamily: dual" into cluster, if its pods have IPv6 addresses, too` },
      ]);
    }
  });

  it("planProblems blames the url for an IPv4 address that an IPv6 cluster would have to call", () => {
    const ipv6 = { ...ipv4, clusterIpFamily: "ipv6" };
    expect(planProblems(planLink("http://[2001:db8::7]"), ipv6)).to.deep.equal([]);
    expect(planProblems(planLink("http://fleet.example.com"), ipv6)).to.deep.equal([]);
    expect(planProblems(planLink("http://192.0.2.1"), ipv6)).to.deep.equal([
      {
        setting: "url",
        message:
          "http://192.0.2.1 is an IPv4 address, and this cluster has IPv6 only: write a name, or an IPv6 address",
      },
    ]);
  });

  it("planProblems returns every problem of a plan at once", () => {
    const surroundings = { ...ipv4, caCertificate: "PEM" };
    expect(settingsOf(planLink("http://there:8080"), surroundings)).to.have.members(["caCertificate", "alias"]);
    expect(settingsOf(planLink("http://[2001:db8::7]"), surroundings)).to.have.members(["caCertificate", "url"]);
    const proxied = planLink("http://[2001:db8::7]", { via: "proxy" });
    expect(settingsOf(proxied, { ...surroundings, alias: "2001:db8::7" })).to.have.members([
      "caCertificate",
      "alias",
      "url",
    ]);
  });
});
