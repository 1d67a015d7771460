"""Everything between the browser and the Streamlit script: sign-in, the gate, headers, static files."""
