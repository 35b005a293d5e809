import type { SwaggerCustomOptions } from '@nestjs/swagger';

/** The behaviour of the documentation page. */
export const PAGE_OPTIONS: SwaggerCustomOptions['swaggerOptions'] = {
  // Do not keep tokens in the browser's storage.
  persistAuthorization: false,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  defaultModelRendering: 'example',
  // The validator badge would be loaded from another host.
  validatorUrl: null,
};

/**
 * Hides the bar for loading other documents, and the inputs for cookies, which a page cannot set. Text areas are as tall as
 * their content.
 */
export const PAGE_STYLE = `
.swagger-ui .topbar, .swagger-ui .servers-title, .swagger-ui .servers, .swagger-ui .response-col_links { display: none }
.swagger-ui .info { margin: 2rem 0 1rem }
.swagger-ui .scheme-container { background: none; box-shadow: none; margin: 0; padding: 0 }
.swagger-ui .wrapper:has(> label[for=api_key_value]) { display: none }
.swagger-ui .auth-container:has(label[for=api_key_value]) .auth-btn-wrapper { display: none }
.swagger-ui textarea.body-param__text { min-height: 8rem; field-sizing: content }
`;
