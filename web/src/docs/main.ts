// The docs page: Swagger UI, told where this service's contract is and to ask nobody else.
import "swagger-ui-dist/swagger-ui.css";
import "../styles/docs.css";
import SwaggerUIBundle from "swagger-ui-dist/swagger-ui-es-bundle.js";

SwaggerUIBundle({
  url: "/v1/openapi.json",
  dom_id: "#swagger",
  deepLinking: true,
  // The default validator is a service on the internet.
  validatorUrl: null,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  presets: [SwaggerUIBundle.presets.apis],
});
