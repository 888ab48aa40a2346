"""The ASGI application: the routes."""

from contextlib import AbstractAsyncContextManager

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from checker import operators
from checker.check import Checker
from checker.function.about import About
from checker.function.answers.as_page import Pages
from checker.function.check import CheckRoute
from checker.function.middleware import middleware
from checker.function.options import Options
from checker.function.refusals import handlers
from checker.function.static import built_site
from checker.function.visits import Visits
from checker.production import check_imitations


def create_app(checker: Checker, options: Options) -> Starlette:
    """Build the application.

    Args:
        checker: Does the checks.
        options: The site beside the function, and who else may call.

    Raises:
        SettingsError: An option names what cannot be used.
        ImitationError: The libraries of this host can't do what an operator's server does.
    """
    # Read once: not at each request, and not when there may be no file left to open.
    known = operators.load_all()
    check_imitations(known.values())
    visits = Visits(checker, options)
    pages = Pages(options.site_url, visits.refused)
    check = CheckRoute(visits, pages, known, options.origins)
    about = About(checker, known)
    routes: list[BaseRoute] = [
        # A mount of its own: else a wrong method would fall through to the site.
        Mount(
            "/api/v1",
            routes=[
                Route("/check", check.answer, methods=["POST"]),
                Route("/operators", about.operators, methods=["GET"]),
            ],
        ),
        Route("/healthz", about.health, methods=["GET"]),
        Route("/openapi.json", about.description, methods=["GET"]),
    ]
    if options.site is not None:
        routes.append(Mount("/", built_site(options.site, options.embed_origins)))
    elif options.site_url:
        # Who looks up the name that a mail server has seen comes here.
        routes.append(Route("/", pages.start, methods=["GET"]))

    def lifespan(_app: Starlette) -> AbstractAsyncContextManager[None]:
        return visits.expected()

    return Starlette(
        routes=routes,
        middleware=middleware(options.origins),
        exception_handlers=handlers(visits.refused),
        lifespan=lifespan,
    )
