/** What the HTTP side of the service has to be told. */
export interface HttpSettings {
  /** The service's own public address; https turns on HSTS, `__Host-` cookies and `upgrade-insecure-requests`. */
  issuerUrl: string;
  /** IP addresses or CIDRs whose `X-Forwarded-*` is believed; empty: nobody's. */
  trustedProxies: readonly string[];
  /** Origins whose scripts may call the service with credentials; empty: none. */
  corsOrigins: readonly string[];
  production: boolean;
}
