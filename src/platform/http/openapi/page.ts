import type { SwaggerCustomOptions } from '@nestjs/swagger';

/** How the page to read and try the API behaves. */
export const PAGE_OPTIONS: SwaggerCustomOptions['swaggerOptions'] = {
  // Tokens stay out of the browser's storage: they are gone with the page.
  persistAuthorization: false,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  defaultModelRendering: 'example',
  // Its badge would be fetched from another host.
  validatorUrl: null,
};

/**
 * Without the bar that asks for another document; without fields for a cookie, which no page may set; and with bodies no taller
 * than what is in them.
 */
export const PAGE_STYLE = `
.swagger-ui .topbar, .swagger-ui .servers-title, .swagger-ui .servers, .swagger-ui .response-col_links { display: none }
.swagger-ui .info { margin: 2rem 0 1rem }
.swagger-ui .scheme-container { background: none; box-shadow: none; margin: 0; padding: 0 }
.swagger-ui .wrapper:has(> label[for=api_key_value]) { display: none }
.swagger-ui .auth-container:has(label[for=api_key_value]) .auth-btn-wrapper { display: none }
.swagger-ui textarea.body-param__text { min-height: 8rem; field-sizing: content }
`;
