/** The settings of the HTTP server. */
export interface HttpSettings {
  /** The public URL of the service; https turns on HSTS, `__Host-` cookies and `upgrade-insecure-requests`. */
  issuerUrl: string;
  /** IP addresses or CIDR ranges whose `X-Forwarded-*` headers are trusted. */
  trustedProxies: readonly string[];
  /** Origins whose scripts may call the service with credentials. Empty: none. */
  corsOrigins: readonly string[];
  production: boolean;
}
