// Written by contracts/build.ts.
/** ABI of the contract `Prescriptions`. */
export const prescriptionsAbi = [
  {
    "inputs": [
      {
        "name": "registry_",
        "type": "address"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [],
    "name": "AmountExceeded",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "DeadlinePassed",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "FillEarly",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "GasTooLow",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "HoldUnchanged",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "LengthsDiffer",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "OrderPrescribed",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "PartyIsSuspended",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "PartyUnknown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "PrescriberInvalid",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "PrescriptionInvalid",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "PrescriptionIsEnded",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "PrescriptionIsHeld",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "PrescriptionKnown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "PrescriptionOutOfTime",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "PrescriptionUnknown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "QuorumMissing",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "SeatMissing",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "SignatureInvalid",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "SignersUnordered",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "StepUnexpected",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "prescription",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "name": "dispense",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "step",
        "type": "uint16"
      },
      {
        "indexed": false,
        "name": "amount",
        "type": "uint24"
      }
    ],
    "name": "Dispensed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "prescription",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "step",
        "type": "uint16"
      },
      {
        "indexed": false,
        "name": "holder",
        "type": "address"
      },
      {
        "indexed": false,
        "name": "slip",
        "type": "address"
      }
    ],
    "name": "HolderChanged",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "prescription",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "name": "prescriber",
        "type": "address"
      },
      {
        "indexed": true,
        "name": "order",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "second",
        "type": "address"
      },
      {
        "indexed": false,
        "name": "holder",
        "type": "address"
      },
      {
        "indexed": false,
        "name": "slip",
        "type": "address"
      },
      {
        "indexed": false,
        "name": "amount",
        "type": "uint24"
      },
      {
        "indexed": false,
        "name": "fills",
        "type": "uint8"
      },
      {
        "indexed": false,
        "name": "interval",
        "type": "uint16"
      },
      {
        "indexed": false,
        "name": "from",
        "type": "uint64"
      },
      {
        "indexed": false,
        "name": "until",
        "type": "uint64"
      }
    ],
    "name": "Prescribed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "prescription",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "replacement",
        "type": "bytes32"
      }
    ],
    "name": "PrescriptionEnded",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "prescription",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "step",
        "type": "uint16"
      },
      {
        "indexed": false,
        "name": "held",
        "type": "bool"
      }
    ],
    "name": "PrescriptionHeld",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "index",
        "type": "uint256"
      },
      {
        "indexed": false,
        "name": "reason",
        "type": "bytes4"
      }
    ],
    "name": "Refused",
    "type": "event"
  },
  {
    "inputs": [],
    "name": "DOCTOR",
    "outputs": [
      {
        "name": "",
        "type": "uint8"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "WALLET_GAS",
    "outputs": [
      {
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "WALLET_SIGNATURE_SIZE",
    "outputs": [
      {
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "wallet",
        "type": "address"
      },
      {
        "name": "digest",
        "type": "bytes32"
      },
      {
        "name": "signature",
        "type": "bytes"
      }
    ],
    "name": "askWallet",
    "outputs": [
      {
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "prescription",
            "type": "bytes32"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "requests",
        "type": "tuple[]"
      },
      {
        "name": "signatures",
        "type": "bytes[]"
      }
    ],
    "name": "cancel",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "prescription",
        "type": "bytes32"
      },
      {
        "name": "moment",
        "type": "uint64"
      }
    ],
    "name": "dispensable",
    "outputs": [
      {
        "name": "",
        "type": "uint24"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "prescription",
            "type": "bytes32"
          },
          {
            "name": "step",
            "type": "uint16"
          },
          {
            "name": "amount",
            "type": "uint24"
          },
          {
            "name": "termsHash",
            "type": "bytes32"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "requests",
        "type": "tuple[]"
      },
      {
        "name": "signatures",
        "type": "bytes[]"
      }
    ],
    "name": "dispense",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "domainSeparator",
    "outputs": [
      {
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "prescription",
            "type": "bytes32"
          },
          {
            "name": "step",
            "type": "uint16"
          },
          {
            "name": "held",
            "type": "bool"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "requests",
        "type": "tuple[]"
      },
      {
        "name": "signatures",
        "type": "bytes[]"
      }
    ],
    "name": "hold",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "networkId",
    "outputs": [
      {
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "prescription",
            "type": "bytes32"
          },
          {
            "name": "step",
            "type": "uint16"
          },
          {
            "name": "holder",
            "type": "address"
          },
          {
            "name": "slip",
            "type": "address"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "requests",
        "type": "tuple[]"
      },
      {
        "name": "signatures",
        "type": "bytes[]"
      }
    ],
    "name": "pass",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "termsHash",
            "type": "bytes32"
          },
          {
            "name": "prescriber",
            "type": "address"
          },
          {
            "name": "second",
            "type": "address"
          },
          {
            "name": "holder",
            "type": "address"
          },
          {
            "name": "slip",
            "type": "address"
          },
          {
            "name": "amount",
            "type": "uint24"
          },
          {
            "name": "fills",
            "type": "uint8"
          },
          {
            "name": "interval",
            "type": "uint16"
          },
          {
            "name": "from",
            "type": "uint64"
          },
          {
            "name": "until",
            "type": "uint64"
          },
          {
            "name": "replaces",
            "type": "bytes32"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "requests",
        "type": "tuple[]"
      },
      {
        "name": "signatures",
        "type": "bytes[2][]"
      },
      {
        "name": "orders",
        "type": "bytes32[]"
      },
      {
        "name": "checks",
        "type": "bytes[][]"
      }
    ],
    "name": "prescribe",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "order",
        "type": "bytes32"
      }
    ],
    "name": "prescribedOn",
    "outputs": [
      {
        "name": "prescription",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "prescription",
        "type": "bytes32"
      }
    ],
    "name": "prescriptionOf",
    "outputs": [
      {
        "components": [
          {
            "name": "state",
            "type": "uint8"
          },
          {
            "name": "step",
            "type": "uint16"
          },
          {
            "name": "dispensed",
            "type": "uint24"
          },
          {
            "name": "prescriber",
            "type": "address"
          },
          {
            "name": "holder",
            "type": "address"
          },
          {
            "name": "slip",
            "type": "address"
          },
          {
            "name": "amount",
            "type": "uint24"
          },
          {
            "name": "fills",
            "type": "uint8"
          },
          {
            "name": "interval",
            "type": "uint16"
          },
          {
            "name": "from",
            "type": "uint64"
          },
          {
            "name": "until",
            "type": "uint64"
          }
        ],
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "registry",
    "outputs": [
      {
        "name": "",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  }
] as const;
